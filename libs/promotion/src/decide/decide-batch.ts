import type { EntryDraft } from '@app/ledger';
import { merchantOf, timeOf, type PromotionInput } from '../input.js';
import {
  UNKNOWN_MERCHANT,
  type MerchantPromotion,
} from '../merchant-promotion.js';
import type { Planner } from '../planning/planner.js';
import { decide } from './decide.js';
import { nextDueMs } from './passing-time.js';
import type { JournalPlace, LotStandings } from './turn.js';

export interface BatchDecision {
  drafts: EntryDraft[];
  /** The merchants that are other than they were. */
  changed: Map<string, MerchantPromotion>;
  refused: { input: PromotionInput; refusal: string; detail: string }[];
}

/**
 * {@link decide} over a batch of inputs in order.
 *
 * @param merchants the merchants of the batch that are known; those left out are new. Not changed.
 * @param lots those that the batch takes back, as they are ahead of it. Not changed.
 */
export function decideBatch(
  merchants: ReadonlyMap<string, MerchantPromotion>,
  inputs: readonly PromotionInput[],
  place: JournalPlace,
  lots: LotStandings,
  planner: Planner,
): BatchDecision {
  let standings = lots;
  const drafts: EntryDraft[] = [];
  const changed = new Map<string, MerchantPromotion>();
  const refused: BatchDecision['refused'] = [];
  for (const input of inputs) {
    const merchantId = merchantOf(input);
    if (merchantId === null) continue;
    const merchant =
      changed.get(merchantId) ?? merchants.get(merchantId) ?? UNKNOWN_MERCHANT;
    if (input.kind === 'time' && !isDue(merchant, timeOf(input), planner))
      continue;
    const sequence = place.sequence + BigInt(drafts.length);
    const decision = decide(
      merchant,
      input,
      { shard: place.shard, sequence },
      standings,
      planner,
    );
    standings = decision.lots;
    if (decision.refusal) refused.push({ input, ...decision.refusal });
    drafts.push(...decision.drafts);
    if (decision.merchant !== merchant)
      changed.set(merchantId, decision.merchant);
  }
  return { drafts, changed, refused };
}

function isDue(
  merchant: MerchantPromotion,
  atMs: number,
  planner: Planner,
): boolean {
  const dueMs = nextDueMs(merchant, planner);
  return dueMs !== null && dueMs <= atMs;
}
