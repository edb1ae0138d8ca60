import type { MerchantPromotion, OpenLot } from '../merchant-promotion.js';
import type { SpendableLot } from '../spending/index.js';

/** A lot of impressions. */
type TrafficLot = OpenLot & Pick<SpendableLot, 'unit'>;

/** Lots of impressions that have not expired at an instant, also where all is reserved; in the order they expire. */
export function unexpiredTraffic(
  { lots }: MerchantPromotion,
  atMs: number,
): TrafficLot[] {
  return lots.filter(
    (lot): lot is TrafficLot => lot.unit !== 'CNY' && lot.expiresAtMs > atMs,
  );
}

/** What a merchant may spend by their clock. */
export function spendableLots(merchant: MerchantPromotion): SpendableLot[] {
  return unexpiredTraffic(merchant, merchant.clockMs)
    .filter(({ available }) => available > 0n)
    .map(({ lotId, unit, expiresAtMs, available }) => ({
      lotId,
      unit,
      expiresAtMs,
      available: Number(available),
    }));
}
