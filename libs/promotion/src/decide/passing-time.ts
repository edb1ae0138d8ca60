import { move } from '@app/ledger';
import type { MerchantPromotion, OpenLot } from '../merchant-promotion.js';
import { oneOrderAPlacement } from '../plan.js';
import type { Planner } from '../planner.js';
import { closeOrder } from './orders.js';
import type { Turn } from './turn.js';

/** How long after its deadline an order waits for its last report. */
export const REPORT_GRACE_MS = 10 * 60_000;

/** When time alone will next have something to do for a merchant; null for never. */
export function nextDueMs(
  merchant: MerchantPromotion,
  planner: Planner = oneOrderAPlacement,
): number | null {
  const nextPlanMs = planner.nextPlanMs(merchant);
  const times = [
    ...(nextPlanMs === null ? [] : [nextPlanMs]),
    ...merchant.lots
      .filter(({ available }) => available > 0n)
      .map(({ expiresAtMs }) => expiresAtMs),
    ...merchant.orders.map(({ deadlineMs }) => deadlineMs + REPORT_GRACE_MS),
    ...(merchant.autoPromotion.enabled && merchant.lots.length > 0
      ? Object.values(merchant.restUntilMs)
      : []),
  ];
  return times.length > 0 ? Math.min(...times) : null;
}

/** Does what the merchant's clock has made due: orders are closed first, for what they release may expire. */
export function passTime(turn: Turn): void {
  closeOverdueOrders(turn);
  endRests(turn);
  expireLots(turn);
}

function closeOverdueOrders(turn: Turn): void {
  const { orders, clockMs } = turn.merchant;
  for (const order of orders) {
    if (order.deadlineMs + REPORT_GRACE_MS <= clockMs)
      closeOrder(turn, order, 'deadline_passed', null);
  }
}

function endRests(turn: Turn): void {
  const { merchant } = turn;
  const { restUntilMs, clockMs } = merchant;
  const going = Object.entries(restUntilMs).filter(([, ms]) => ms > clockMs);
  if (going.length !== Object.keys(restUntilMs).length)
    turn.observe({ ...merchant, restUntilMs: Object.fromEntries(going) });
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
