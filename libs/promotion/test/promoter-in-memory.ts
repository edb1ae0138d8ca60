import type { EntryDraft } from '@app/ledger';
import {
  decideBatch,
  UNKNOWN_MERCHANT,
  type BatchDecision,
  type MerchantPromotion,
  type PromotionInput,
} from '../src/index.js';

/** A promoter with one shard, its journal and its merchants in memory. */
export class PromoterInMemory {
  readonly merchants = new Map<string, MerchantPromotion>();
  readonly drafts: EntryDraft[] = [];
  readonly refused: BatchDecision['refused'] = [];

  /** Takes inputs as one batch; gives the entries that they led to. */
  take(...inputs: readonly PromotionInput[]): EntryDraft[] {
    const place = { shard: 0, sequence: BigInt(this.drafts.length) };
    const decision = decideBatch(this.merchants, inputs, place);
    for (const [id, merchant] of decision.changed)
      this.merchants.set(id, merchant);
    this.drafts.push(...decision.drafts);
    this.refused.push(...decision.refused);
    return decision.drafts;
  }

  /** {@link take}, one by one, in words. */
  hear(...inputs: readonly PromotionInput[]): string[] {
    return inputs.flatMap((input) => this.take(input)).map(inWords);
  }

  merchant(merchantId = 'm1'): MerchantPromotion {
    return this.merchants.get(merchantId) ?? UNKNOWN_MERCHANT;
  }

  /** The id of the order placed last. */
  lastOrder(): string {
    const causes = this.drafts.map(({ cause }) => cause);
    const last = causes.findLast(({ type }) => type === 'promotion_ordered');
    if (last?.type !== 'promotion_ordered') throw new Error('no order yet');
    return last.promotionOrderId;
  }
}

/** An entry in words, e.g. `order live s1: 500 LIVE_IMP of a`. */
export function inWords({ kind, cause, postings }: EntryDraft): string {
  const amounts = postings
    .filter(({ amount }) => amount > 0n)
    .map(({ amount, unit, lotId }) => `${amount} ${unit} of ${lotId}`)
    .join(', ');
  switch (cause.type) {
    case 'promotion_ordered':
      return `order ${cause.placement} ${cause.sessionId ?? cause.videoId}: ${amounts}`;
    case 'promotion_closed':
      return `release, ${cause.reason}: ${amounts || 'nothing'}`;
    case 'promotion_delivered':
    case 'lot_expired':
      return `${kind}: ${amounts || 'nothing'}`;
    default:
      return kind;
  }
}
