import type { LotTakenBackCause, RewardTakenBackCause } from '../cause.js';
import { isCash } from '../settle-owed.js';
import { amountText, numberText } from './amounts.js';
import { enumerated, paragraph, type Bilingual } from './bilingual.js';
import { ruleText, type Explained } from './explained.js';
import { valueInPeriod } from './goal-words.js';

/** A sentence names no more lots than this; the cause has them all. */
const LOTS_NAMED = 3;

const BECAUSE: Record<RewardTakenBackCause['because'], Bilingual> = {
  refund: { zh: '发生退款后', en: 'After a refund' },
  flag: { zh: '被风控标记后', en: 'After a risk flag' },
  correction: {
    zh: '收到更早的事件后',
    en: 'After an earlier event came to light',
  },
};

/** The granter's decision: what, of which lots, and what made it so. */
export function explainRewardTakenBack(
  explained: Explained<RewardTakenBackCause>,
): Bilingual {
  const { merchant, when, cause } = explained;
  const { unit, goal, rule, because } = cause;
  const taken = amountText({ amount: BigInt(cause.amount), unit });
  const by = ruleText(cause);
  const of = lotsText(cause);
  const has = valueInPeriod(cause);
  const after = BECAUSE[because];
  // Of traffic it decides alone: the promoter takes lots back.
  const moves = isCash(unit);
  return paragraph(
    {
      zh: `${when.zh}${by.zh}${moves ? '' : '决定'}追回${merchant.zh}的${taken.zh}${of.zh}。`,
      en: `${when.en}${by.en} ${moves ? 'took' : 'decided to take'} back ${taken.en} from ${merchant.en}${of.en}.`,
    },
    rule === 'all'
      ? {
          zh: `${after.zh}，${has.zh}，目标${goal}追回该周期已发放的全部奖励。`,
          en: `${after.en} ${merchant.en} has ${has.en}, and goal ${goal} takes back all that it paid in that period.`,
        }
      : {
          zh: `${after.zh}，${has.zh}，目标${goal}追回不再应得的部分。`,
          en: `${after.en} ${merchant.en} has ${has.en}, and goal ${goal} takes back what is no longer earned.`,
        },
    cause.owed === undefined
      ? null
      : paidOutText(amountText({ amount: BigInt(cause.owed), unit })),
  );
}

function lotsText({ lots, unit }: RewardTakenBackCause): Bilingual {
  if (lots.length === 0) return { zh: '', en: '' };
  const named = lots.slice(0, LOTS_NAMED).map(({ lotId, amount }) => {
    const said =
      lots.length === 1 ? null : amountText({ amount: BigInt(amount), unit });
    return {
      zh: said ? `${lotId}：${said.zh}` : lotId,
      en: said ? `${lotId} (${said.en})` : lotId,
    };
  });
  const more = lots.length - named.length;
  if (more > 0)
    named.push({
      zh: `另${numberText(more)}个`,
      en: `${numberText(more)} more`,
    });
  const list = enumerated(named);
  return {
    zh: `（券批次${list.zh}）`,
    en: `, of ${lots.length === 1 ? 'lot' : 'lots'} ${list.en}`,
  };
}

function paidOutText(owed: Bilingual): Bilingual {
  return {
    zh: `其中${owed.zh}此前已付出，记为欠额。`,
    en: `Of it, ${owed.en} had been paid out already and became a debt.`,
  };
}

/** What the promoter could take back of a lot, as it had been decided. */
export function explainLotTakenBack({
  merchant,
  when,
  cause,
  amount,
}: Explained<LotTakenBackCause>): Bilingual {
  const { lotId, program, decidedBy, asked, owed } = cause;
  const { unit } = amount;
  const askedFor = amountText({ amount: BigInt(asked), unit });
  if (amount.amount === 0n)
    return {
      zh: `${when.zh}按${decidedBy}的决定追回${merchant.zh}的券批次${lotId}（${program}）：应追回${askedFor.zh}，已无可追回。`,
      en: `${when.en}nothing was left to take back of lot ${lotId} of ${merchant.en} from ${program}, of which ${decidedBy} had decided to take back ${askedFor.en}.`,
    };
  const taken = amountText(amount);
  return paragraph(
    {
      zh: `${when.zh}按${decidedBy}的决定，从${merchant.zh}的券批次${lotId}（${program}）追回${taken.zh}。`,
      en: `${when.en}the promoter took back ${taken.en} of lot ${lotId} of ${merchant.en} from ${program}, as ${decidedBy} had decided.`,
    },
    owed === undefined
      ? null
      : owedText(amountText({ amount: BigInt(owed), unit })),
    BigInt(asked) > amount.amount
      ? {
          zh: `应追回${askedFor.zh}，其余已无可追回。`,
          en: `It was to be ${askedFor.en}: no more was left.`,
        }
      : null,
  );
}

/** What was taken back and not at hand any more. */
export function owedText(owed: Bilingual): Bilingual {
  return {
    zh: `其中${owed.zh}已不可用，记为欠额。`,
    en: `Of it, ${owed.en} could not be had any more and became a debt.`,
  };
}
