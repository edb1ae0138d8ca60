import type { AdjustmentCause, Agreement, PayoutCause } from '../cause.js';
import { amountText } from './amounts.js';
import { paragraph, type Bilingual } from './bilingual.js';
import type { Explained } from './explained.js';
import { owedText } from './explain-taking-back.js';
import { causeTimeText } from './times.js';

/** A correction by finance: what, why, and who agreed. */
export function explainAdjustment(
  explained: Explained<AdjustmentCause | PayoutCause>,
): Bilingual {
  const { cause, unit } = explained;
  const kept = 'keptBack' in cause ? cause.keptBack : undefined;
  const owed = 'owed' in cause ? cause.owed : undefined;
  return paragraph(
    deedText(explained),
    askedText(explained),
    kept === undefined
      ? null
      : keptBackText(amountText({ amount: BigInt(kept), unit })),
    owed === undefined
      ? null
      : owedText(amountText({ amount: BigInt(owed), unit })),
    agreementText(cause),
  );
}

function deedText({
  cause,
  merchant,
  when,
  amount,
}: Explained<AdjustmentCause | PayoutCause>): Bilingual {
  const said = amountText(amount);
  switch (cause.adjustment) {
    case 'give': {
      const until = expiryText(cause);
      return {
        zh: `${when.zh}财务从激励计划${cause.program}的流量池向${merchant.zh}补发${said.zh}${until.zh}。`,
        en: `${when.en}finance gave ${merchant.en} ${said.en} from the pool of ${cause.program}${until.en}.`,
      };
    }
    case 'take_back': {
      const lot = cause.lotId === undefined ? '' : cause.lotId;
      return {
        zh: `${when.zh}财务从${merchant.zh}的券批次${lot}（${cause.program}）追回${said.zh}。`,
        en: `${when.en}finance took back ${said.en} of lot ${lot} of ${merchant.en} from ${cause.program}.`,
      };
    }
    case 'budget':
      return BigInt(cause.asked) < 0n
        ? {
            zh: `${when.zh}财务将激励计划${cause.program}在本分片的流量池调减${said.zh}。`,
            en: `${when.en}finance cut ${said.en} from the pool of ${cause.program} in this shard.`,
          }
        : {
            zh: `${when.zh}财务将激励计划${cause.program}在本分片的流量池调增${said.zh}。`,
            en: `${when.en}finance added ${said.en} to the pool of ${cause.program} in this shard.`,
          };
    case 'cash':
      return {
        zh: `${when.zh}财务从激励计划${cause.program}的资金池向${merchant.zh}补发${said.zh}，待支付。`,
        en: `${when.en}finance gave ${merchant.en} ${said.en} from the pool of ${cause.program}, to be paid out.`,
      };
    case 'payout':
      return {
        zh: `${when.zh}财务向${merchant.zh}支付${said.zh}。`,
        en: `${when.en}finance paid out ${said.en} to ${merchant.en}.`,
      };
  }
}

function expiryText({ expiresAt }: AdjustmentCause): Bilingual {
  if (expiresAt === undefined) return { zh: '', en: '' };
  const at = causeTimeText(expiresAt);
  return { zh: `，${at.zh}到期`, en: `, good until ${at.en}` };
}

/** Where less could be moved than was agreed on. */
function askedText({
  cause,
  amount,
}: Explained<AdjustmentCause | PayoutCause>): Bilingual | null {
  const asked = BigInt(cause.asked);
  const size = asked < 0n ? -asked : asked;
  if (size <= amount.amount) return null;
  const said = amountText({ amount: size, unit: amount.unit });
  return {
    zh: `提案为${said.zh}，其余无可调整。`,
    en: `The proposal was of ${said.en}: no more was left to move.`,
  };
}

function keptBackText(kept: Bilingual): Bilingual {
  return {
    zh: `其中${kept.zh}抵扣了欠额。`,
    en: `Of it, ${kept.en} settled what was owed.`,
  };
}

function agreementText({
  reason,
  proposalId,
  proposedBy,
  proposedAt,
  approvedBy,
  approvedAt,
}: Agreement): Bilingual {
  const [proposed, approved] = [
    causeTimeText(proposedAt),
    causeTimeText(approvedAt),
  ];
  return {
    zh: `原因：${reason}。提案${proposalId}由${proposedBy}于${proposed.zh}提出，${approvedBy}于${approved.zh}批准。`,
    en: `Reason: ${reason}. Proposal ${proposalId} was made by ${proposedBy} on ${proposed.en} and approved by ${approvedBy} on ${approved.en}.`,
  };
}
