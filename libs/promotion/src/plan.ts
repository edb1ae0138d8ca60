import type { Placement, Unit } from '@app/contracts';
import { jsonInteger } from '@app/ledger';
import type { MerchantPromotion, OpenLot } from './merchant-promotion.js';
import type { PlannedOrder, Planner } from './planner.js';

/** Names the rule in the cause of what it decides. */
const POLICY = 'one-order-a-placement/1';

const MAX_ORDER_IMPRESSIONS = 20_000n;
const ORDER_LIFE_MS: Record<Placement, number> = {
  live: 60 * 60_000,
  short_video: 6 * 60 * 60_000,
};

/**
 * What to order now: at most one open order a placement, of up to 20,000 impressions, from the lots that
 * expire first. Livestream impressions go to the latest running stream, short-video impressions to the
 * latest video, and impressions for either to the stream while one runs, to the video otherwise. No order
 * outlives a lot that it draws on.
 */
export const oneOrderAPlacement: Planner = { plan, nextPlanMs: () => null };

function plan(merchant: MerchantPromotion): PlannedOrder[] {
  if (!merchant.autoPromotion.enabled) return [];
  const sessionId = merchant.sessionIds.at(-1);
  const videoId = merchant.videoIds.at(-1);
  const planned: PlannedOrder[] = [];
  if (sessionId !== undefined)
    planned.push(
      ...planFor(merchant, 'live', sessionId, ['LIVE_IMP', 'ANY_IMP']),
    );
  if (videoId !== undefined)
    planned.push(
      ...planFor(
        merchant,
        'short_video',
        videoId,
        sessionId === undefined ? ['VIDEO_IMP', 'ANY_IMP'] : ['VIDEO_IMP'],
      ),
    );
  return planned;
}

function planFor(
  merchant: MerchantPromotion,
  placement: Placement,
  targetId: string,
  units: readonly Unit[],
): PlannedOrder[] {
  const { clockMs, lots, orders, restUntilMs } = merchant;
  if (orders.some((order) => order.placement === placement)) return [];
  if (clockMs < (restUntilMs[placement] ?? 0)) return [];
  const usable = lots.filter(
    ({ unit, available, expiresAtMs }) =>
      units.includes(unit) && available > 0n && expiresAtMs > clockMs,
  );
  if (usable.length === 0) return [];

  const parts: PlannedOrder['parts'] = [];
  let room = MAX_ORDER_IMPRESSIONS;
  let deadlineMs = clockMs + ORDER_LIFE_MS[placement];
  for (const { lotId, unit, available, expiresAtMs } of usable) {
    if (room === 0n) break;
    const amount = available < room ? available : room;
    parts.push({ lotId, unit, amount });
    room -= amount;
    deadlineMs = Math.min(deadlineMs, expiresAtMs);
  }
  const decision = { policy: POLICY, spendable: jsonInteger(sum(usable)) };
  return [{ placement, targetId, parts, deadlineMs, decision }];
}

function sum(lots: readonly OpenLot[]): bigint {
  return lots.reduce((total, { available }) => total + available, 0n);
}
