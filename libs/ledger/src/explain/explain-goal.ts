import type { GoalCause } from '../cause.js';
import { isCash } from '../settle-owed.js';
import {
  amountText,
  decimalText,
  impressionsText,
  numberText,
  yuanText,
} from './amounts.js';
import { asIs, paragraph, type Bilingual } from './bilingual.js';
import { ruleText, type Explained } from './explained.js';
import { metricWords, valueInPeriod } from './goal-words.js';
import { causeTimeText } from './times.js';

type ExplainedGoal = Explained<GoalCause>;

/** A grant: how much of what, for what, and what made it more or less. */
export function explainGoal(explained: ExplainedGoal): Bilingual {
  const { merchant, when, cause, amount } = explained;
  const granted = amountText(amount);
  const rule = ruleText(cause);
  return paragraph(
    {
      zh: `${when.zh}${rule.zh}向${merchant.zh}发放${granted.zh}。`,
      en: `${when.en}${rule.en} granted ${merchant.en} ${granted.en}.`,
    },
    reachedText(explained),
    timeZoneText(cause),
    differenceText(explained),
    shareText(cause),
    drawText(explained),
    shortfallText(explained),
    keptBackText(explained),
    settledText(cause),
    expiryText(explained),
  );
}

function reachedText(explained: ExplainedGoal): Bilingual {
  const { cause, merchant } = explained;
  const { goal, tier, metric, threshold } = cause;
  const has = valueInPeriod(cause);
  const words = metricWords(metric);
  const at = words.number(BigInt(threshold));
  if (tier === 'rate') return rateText(explained);
  if (tier === 'every')
    return {
      zh: `${has.zh}，目标${goal}按步发放，已计发至${at.zh}。`,
      en: `${merchant.en} has ${has.en}, and goal ${goal} pays step by step: by now up to ${at.en}.`,
    };
  const from: Bilingual = words.isOnce
    ? { zh: '', en: '' }
    : { zh: `（${at.zh}起）`, en: `, which begins at ${at.en}` };
  return {
    zh: `${has.zh}，达到目标${goal}的档位${tier}${from.zh}。`,
    en: `With ${has.en}, tier ${tier} of goal ${goal} was reached${from.en}.`,
  };
}

/** A share of money in money is a percentage; of anything else, so much for each. */
function rateText({ cause, unit }: ExplainedGoal): Bilingual {
  const { goal, metric, threshold } = cause;
  const has = valueInPeriod(cause);
  const most = atMostText(cause, unit);
  const isMoney = metricWords(metric).isMoney === true;
  const basisPoints = BigInt(threshold);
  if (unit !== null && isCash(unit) && isMoney) {
    const percent = decimalText(basisPoints, 2);
    return {
      zh: `${has.zh}，目标${goal}按其${percent}%计发${most.zh}。`,
      en: `Goal ${goal} pays ${percent}% of ${has.en}${most.en}.`,
    };
  }
  const each = eachText(basisPoints, unit, isMoney);
  return {
    zh: `${has.zh}，目标${goal}按每${isMoney ? '元' : '一'}${each.zh}计发${most.zh}。`,
    en: `Goal ${goal} pays ${each.en} for each ${isMoney ? 'yuan' : 'one'} of ${has.en}${most.en}.`,
  };
}

function atMostText(
  { atMost }: GoalCause,
  unit: ExplainedGoal['unit'],
): Bilingual {
  if (atMost === undefined) return asIs('');
  const most = amountText({ amount: BigInt(atMost), unit });
  return { zh: `，至多${most.zh}`, en: `, at most ${most.en}` };
}

/** What a rate pays for one yuan, or for one of whatever is counted. */
function eachText(
  basisPoints: bigint,
  unit: ExplainedGoal['unit'],
  isMoney: boolean,
): Bilingual {
  // Money is counted in fen, a hundred to the yuan.
  const decimals = isMoney ? 2 : 4;
  const one = 10n ** BigInt(decimals);
  if (unit === 'CNY') {
    const yuan = decimalText(basisPoints, decimals + 2);
    return { zh: `${yuan}元`, en: `${yuan} yuan` };
  }
  return impressionsText(
    decimalText(basisPoints, decimals),
    unit,
    basisPoints === one,
  );
}

/** Of dates that are not those of the times beside them. */
function timeZoneText({ timeZone }: GoalCause): Bilingual | null {
  if (timeZone === undefined) return null;
  return {
    zh: `该计划的日期以${timeZone}时区为准。`,
    en: `The program's days are those of ${timeZone}.`,
  };
}

/** Where only the rest of what is deserved was due. */
function differenceText({
  cause: { deserved, promisedBefore },
  unit,
}: ExplainedGoal): Bilingual | null {
  if (deserved === undefined || promisedBefore === undefined) return null;
  const all = amountText({ amount: BigInt(deserved), unit });
  const before = amountText({ amount: BigInt(promisedBefore), unit });
  return {
    zh: `应得合计${all.zh}，其中${before.zh}此前已计入。`,
    en: `Of ${all.en} deserved in all, ${before.en} had been promised before.`,
  };
}

function shareText({ partsPerMillion }: GoalCause): Bilingual | null {
  if (partsPerMillion === undefined) return null;
  const parts = numberText(partsPerMillion);
  return {
    zh: `奖励为流量池的百万分之${parts}。`,
    en: `The reward is ${parts} ${BigInt(partsPerMillion) === 1n ? 'millionth' : 'millionths'} of the pool.`,
  };
}

/** So that anybody can draw it again. */
function drawText({ cause: { draw }, unit }: ExplainedGoal): Bilingual | null {
  if (!draw) return null;
  const [from, to] = [BigInt(draw.from), BigInt(draw.to)];
  const formula = `${from} + 0x${draw.seed.slice(0, 16)} mod ${to - from + 1n}`;
  const inFen = unit === 'CNY';
  const most = amountText({ amount: to, unit });
  const least = inFen ? yuanText(from) : asIs(numberText(from));
  return {
    zh: `奖励在${least.zh}至${most.zh}之间抽取：${formula}${inFen ? '（分）' : ''}，种子为${draw.seed}。`,
    en: `The reward was drawn from ${least.en} to ${most.en}: ${formula}${inFen ? ', in fen' : ''}, with the seed ${draw.seed}.`,
  };
}

function shortfallText({ cause, unit }: ExplainedGoal): Bilingual | null {
  const { promised, poolRanDry, capped } = cause;
  if (!poolRanDry && !capped) return null;
  const due = amountText({ amount: BigInt(promised), unit });
  const reasons: Bilingual =
    poolRanDry && capped
      ? {
          zh: '受单个商家上限限制，且流量池已耗尽',
          en: 'a cap on what one merchant gets and the pool, which ran dry, left no more',
        }
      : poolRanDry
        ? { zh: '流量池已耗尽', en: 'the pool ran dry' }
        : {
            zh: '受单个商家上限限制',
            en: 'a cap on what one merchant gets left no more',
          };
  return {
    zh: `应发${due.zh}，${reasons.zh}，差额不再补发。`,
    en: `It would have been ${due.en}, but ${reasons.en}; the rest is not made good later.`,
  };
}

function keptBackText({
  cause: { keptBack },
  unit,
  merchant,
}: ExplainedGoal): Bilingual | null {
  if (keptBack === undefined) return null;
  const kept = amountText({ amount: BigInt(keptBack), unit });
  return {
    zh: `其中${kept.zh}抵扣了${merchant.zh}的欠额。`,
    en: `Of it, ${kept.en} settled what ${merchant.en} owed.`,
  };
}

function settledText({ settledAt }: GoalCause): Bilingual | null {
  if (settledAt === undefined) return null;
  const at = causeTimeText(settledAt);
  return {
    zh: `周期结束后于${at.zh}自动结算。`,
    en: `It was settled by the clock on ${at.en}.`,
  };
}

function expiryText({
  cause: { expiresAt, keptBack },
  amount,
}: ExplainedGoal): Bilingual | null {
  const received = amount.amount - BigInt(keptBack ?? 0);
  if (expiresAt === undefined || received <= 0n) return null;
  const at = causeTimeText(expiresAt);
  return { zh: `${at.zh}到期。`, en: `The lot expires on ${at.en}.` };
}
