import type { DeliveryData, Placement } from '@app/contracts';
import { Random } from '../world/random.js';

/** What the ad-delivery service was told to do. */
export interface PromotionOrder {
  promotionOrderId: string;
  placement: Placement;
  impressions: number;
  /** Milliseconds since the epoch, as the deadline is. */
  orderedAtMs: number;
  deadlineMs: number;
}

export interface PlannedReport {
  /** After the order was placed. */
  afterMs: number;
  report: Omit<DeliveryData<'promotion.delivered'>, 'promotionOrderId'>;
  /** Whether it is sent a second time, as services do that are not sure of the first. */
  isRepeated: boolean;
}

export interface DeliveryPlan {
  reports: PlannedReport[];
  close: {
    afterMs: number;
    reason: Extract<
      DeliveryData<'promotion.closed'>['reason'],
      'completed' | 'rejected'
    >;
  };
}

const REJECTED_SHARE = 0.01;
/** Orders for which there is not audience enough before the deadline. */
const SHORT_SHARE = 0.15;
const MAX_REPORTS = 8;
const REPEATED_SHARE = 0.03;
/** How much of the time until the deadline the delivery takes: with room for whoever is slow to answer. */
const SPAN = { min: 0.2, max: 0.7, short: 0.9 };

/** How an audience answers: shares of clicks in impressions and of orders in clicks, and what one order pays. */
const RESPONSE: Record<
  Placement,
  { clickShare: number; orderShare: number; medianOrderMinor: number }
> = {
  live: { clickShare: 0.045, orderShare: 0.03, medianOrderMinor: 7_900 },
  short_video: { clickShare: 0.02, orderShare: 0.02, medianOrderMinor: 6_900 },
};

/**
 * How an order is delivered: in a few reports and one close, all before its deadline, never more than was
 * ordered. A function of the order and the seed alone: an order that is read again is delivered the same.
 */
export function planDelivery(
  order: PromotionOrder,
  seed: number,
): DeliveryPlan {
  const { promotionOrderId, impressions } = order;
  const random = new Random(
    `${seed}/delivery/${promotionOrderId}/${impressions}`,
  );
  const lifeMs = Math.max(0, order.deadlineMs - order.orderedAtMs);
  if (random.chance(REJECTED_SHARE))
    return { reports: [], close: { afterMs: 0, reason: 'rejected' } };

  const isShort = random.chance(SHORT_SHARE);
  const deliverable = isShort
    ? Math.floor(impressions * random.between(0.3, 0.95))
    : impressions;
  const span = isShort ? SPAN.short : random.between(SPAN.min, SPAN.max);
  const spanMs = Math.floor(lifeMs * span);
  const portions =
    spanMs > 0
      ? split(deliverable, random.integer(3, MAX_REPORTS), random)
      : [];
  const reports = portions.map((portion, index) => ({
    afterMs: Math.floor((spanMs * (index + 1)) / portions.length),
    report: {
      impressions: portion,
      ...answerOf(order.placement, portion, random),
    },
    isRepeated: random.chance(REPEATED_SHARE),
  }));
  return { reports, close: { afterMs: spanMs, reason: 'completed' } };
}

/** Splits a whole into parts of unlike size, none of them empty: fewer than asked for where it is small. */
function split(whole: number, parts: number, random: Random): number[] {
  const weights = Array.from({ length: parts }, () => random.between(0.5, 1.5));
  const weight = weights.reduce((sum, one) => sum + one, 0);
  let takenWeight = 0;
  let taken = 0;
  return weights
    .map((one, index) => {
      takenWeight += one;
      const isLast = index === parts - 1;
      const upTo = isLast ? whole : Math.floor(whole * (takenWeight / weight));
      const part = Math.max(0, upTo - taken);
      taken += part;
      return part;
    })
    .filter((part) => part > 0);
}

function answerOf(
  placement: Placement,
  impressions: number,
  random: Random,
): Pick<PlannedReport['report'], 'clicks' | 'orders' | 'gmvMinor'> {
  const { clickShare, orderShare, medianOrderMinor } = RESPONSE[placement];
  const clicks = Math.min(
    impressions,
    random.poisson(impressions * clickShare * random.logNormal(1, 0.3)),
  );
  const orders = Math.min(clicks, random.poisson(clicks * orderShare));
  const gmvMinor = Math.min(
    Math.round(orders * random.logNormal(medianOrderMinor, 0.4)),
    Number.MAX_SAFE_INTEGER,
  );
  return { clicks, orders, gmvMinor };
}
