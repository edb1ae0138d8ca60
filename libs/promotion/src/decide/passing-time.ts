import { move } from '@app/ledger';
import { dailyCapRenewsMs } from '../limits.js';
import { localDay } from '../local-day.js';
import type {
  MerchantPromotion,
  OpenLot,
  OpenOrder,
} from '../merchant-promotion.js';
import type { Planner } from '../planning/planner.js';
import { closeOrder } from './orders.js';
import { endRests, restEndsMs } from './rests.js';
import type { Turn } from './turn.js';

/** How long after its deadline an order waits for its last report, as far as its lots live. */
export const REPORT_GRACE_MS = 10 * 60_000;

/** When time alone will next have something to do for a merchant; null for never. */
export function nextDueMs(
  merchant: MerchantPromotion,
  planner: Pick<Planner, 'nextPlanMs'>,
): number | null {
  const { autoPromotion, lots, orders } = merchant;
  const mayOrder = autoPromotion.enabled && lots.length > 0;
  const times = [
    ...lots
      .filter(({ available }) => available > 0n)
      .map(({ expiresAtMs }) => expiresAtMs),
    ...orders.map((order) => overdueMs(merchant, order)),
    ...(mayOrder
      ? [
          ...restEndsMs(merchant),
          dailyCapRenewsMs(merchant),
          planner.nextPlanMs(merchant),
        ]
      : []),
  ].filter((time) => time !== null);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Does what the merchant's clock has made due: orders are closed first, for what they release may expire. */
export function passTime(turn: Turn): void {
  closeOverdueOrders(turn);
  turn.observe(endRests(turn.merchant));
  turn.observe(beginDay(turn.merchant));
  expireLots(turn);
}

function closeOverdueOrders(turn: Turn): void {
  for (const order of turn.merchant.orders) {
    if (overdueMs(turn.merchant, order) <= turn.merchant.clockMs)
      closeOrder(turn, order, 'deadline_passed', null);
  }
}

/** Nothing stays reserved when the lot expires that it is of. */
function overdueMs(
  { lots }: MerchantPromotion,
  { deadlineMs, parts }: OpenOrder,
): number {
  const expiries = lots
    .filter((lot) => parts.some(({ lotId }) => lotId === lot.lotId))
    .map(({ expiresAtMs }) => expiresAtMs);
  return Math.min(deadlineMs + REPORT_GRACE_MS, ...expiries);
}

/** Where the daily cap holds, the day is over by the merchant's clock that it was used on. */
function beginDay(merchant: MerchantPromotion): MerchantPromotion {
  const renewsMs = dailyCapRenewsMs(merchant);
  if (renewsMs === null || merchant.clockMs < renewsMs) return merchant;
  const day = localDay(merchant.clockMs);
  return { ...merchant, orderedToday: { day, impressions: 0n } };
}

function expireLots(turn: Turn): void {
  const { lots, clockMs } = turn.merchant;
  for (const lot of lots) {
    if (lot.expiresAtMs <= clockMs && lot.available > 0n) expireLot(turn, lot);
  }
}

function expireLot(
  turn: Turn,
  { lotId, unit, program, expiresAtMs, available }: OpenLot,
): void {
  turn.write({
    kind: 'expire',
    postings: move(unit, available, 'available', `expired:${program}`, lotId),
    cause: {
      type: 'lot_expired',
      lotId,
      program,
      expiresAt: new Date(expiresAtMs).toISOString(),
    },
  });
}
