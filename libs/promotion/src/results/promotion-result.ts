import type { Placement } from '@app/contracts';
import type { Entry } from '@app/ledger';
import { localDay } from '../local-day.js';

/** What ad delivery did and says that it brought. */
export interface Outcome {
  /** Spent: what was reported beyond the order is not among them. */
  impressions: bigint;
  clicks: bigint;
  orders: bigint;
  /** In fen. */
  gmvMinor: bigint;
}

/** What came of promotion on one day with one session or video. */
export interface PromotionResult extends Outcome {
  /** In Asia/Shanghai, by the time of the reports: `yyyy-mm-dd`. */
  day: string;
  placement: Placement;
  /** The session or the video, by the placement. */
  targetId: string;
}

/** A delivery report that was taken, before it is known what its order was for. */
export interface TakenReport extends Outcome {
  merchantId: string;
  day: string;
  promotionOrderId: string;
}

export const NO_OUTCOME: Outcome = {
  impressions: 0n,
  clicks: 0n,
  orders: 0n,
  gmvMinor: 0n,
};

export function addOutcomes(a: Outcome, b: Outcome): Outcome {
  return {
    impressions: a.impressions + b.impressions,
    clicks: a.clicks + b.clicks,
    orders: a.orders + b.orders,
    gmvMinor: a.gmvMinor + b.gmvMinor,
  };
}

/** The reports among entries, those of one order and day added up. */
export function takenReports(entries: readonly Entry[]): TakenReport[] {
  const reports = new Map<string, TakenReport>();
  for (const { cause, merchantId, occurredAtMs, postings } of entries) {
    if (cause.type !== 'promotion_delivered' || merchantId === null) continue;
    const { promotionOrderId, clicks, orders, gmvMinor } = cause;
    const outcome: Outcome = {
      impressions: postings
        .filter(({ account }) => account.startsWith('spent:'))
        .reduce((sum, { amount }) => sum + amount, 0n),
      clicks: BigInt(clicks),
      orders: BigInt(orders),
      gmvMinor: BigInt(gmvMinor),
    };
    const day = localDay(occurredAtMs);
    const key = `${promotionOrderId} ${day}`;
    reports.set(key, {
      merchantId,
      day,
      promotionOrderId,
      ...addOutcomes(reports.get(key) ?? NO_OUTCOME, outcome),
    });
  }
  return [...reports.values()];
}

/**
 * What a thousand impressions brought, in fen, to the fen below.
 *
 * @returns null where there were none
 */
export function gmvMinorPerThousand({
  gmvMinor,
  impressions,
}: Pick<Outcome, 'gmvMinor' | 'impressions'>): bigint | null {
  return impressions > 0n ? (gmvMinor * 1_000n) / impressions : null;
}
