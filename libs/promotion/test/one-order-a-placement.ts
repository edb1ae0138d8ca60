import type { Placement, Unit } from '@app/contracts';
import { jsonInteger } from '@app/ledger';
import {
  rests,
  roomUnderLimits,
  type MerchantPromotion,
  type PlannedOrder,
  type Planner,
} from '../src/index.js';

/** Names the rule in the cause of what it decides. */
const POLICY = 'one-order-a-placement/1';

const MAX_ORDER_IMPRESSIONS = 20_000n;
const ORDER_LIFE_MS: Record<Placement, number> = {
  live: 60 * 60_000,
  short_video: 6 * 60 * 60_000,
};

/**
 * A planner without a memory, for all that is not about planning: at most one open order a placement, of up to 20,000 impressions or as many as the minimum for a
 * session needs, from the lots that expire first. Livestream impressions go to the latest running stream, short-video
 * impressions to the latest video, and impressions for either to the stream while one runs, to the video otherwise;
 * targets that rest are passed over. No order outlives a lot that it draws on.
 */
export const oneOrderAPlacement: Planner = {
  plan: (merchant) => ({ orders: plan(merchant), merchant }),
  learn: (merchant) => merchant,
  nextPlanMs: () => null,
};

function plan(merchant: MerchantPromotion): PlannedOrder[] {
  const { autoPromotion, clockMs, sessions, videos } = merchant;
  if (!autoPromotion.enabled) return [];
  const planned: PlannedOrder[] = [];
  const session = sessions.findLast((target) => !rests(target, clockMs));
  if (session)
    planned.push(
      ...planFor(merchant, 'live', session.sessionId, ['LIVE_IMP', 'ANY_IMP']),
    );
  const video = videos.findLast((target) => !rests(target, clockMs));
  if (video)
    planned.push(
      ...planFor(
        merchant,
        'short_video',
        video.videoId,
        sessions.length === 0 ? ['VIDEO_IMP', 'ANY_IMP'] : ['VIDEO_IMP'],
        sum(planned.flatMap(({ parts }) => parts)),
      ),
    );
  return planned;
}

function planFor(
  merchant: MerchantPromotion,
  placement: Placement,
  targetId: string,
  units: readonly Unit[],
  plannedBefore = 0n,
): PlannedOrder[] {
  const { clockMs, lots, orders } = merchant;
  if (orders.some((order) => order.placement === placement)) return [];
  const usable = lots.filter(
    ({ unit, available, expiresAtMs }) =>
      units.includes(unit) && available > 0n && expiresAtMs > clockMs,
  );
  const spendable = sum(usable.map(({ available: amount }) => ({ amount })));
  const room = roomUnderLimits(merchant, placement, targetId, clockMs);
  const wanted = max(room.least, MAX_ORDER_IMPRESSIONS);
  const impressions = min(wanted, spendable, room.most - plannedBefore);
  if (impressions < room.least) return [];

  const parts: PlannedOrder['parts'] = [];
  let left = impressions;
  let deadlineMs = clockMs + ORDER_LIFE_MS[placement];
  for (const { lotId, unit, available, expiresAtMs } of usable) {
    if (left === 0n) break;
    const amount = min(available, left);
    parts.push({ lotId, unit, amount });
    left -= amount;
    deadlineMs = Math.min(deadlineMs, expiresAtMs);
  }
  const decision = { policy: POLICY, spendable: jsonInteger(spendable) };
  return [{ placement, targetId, parts, deadlineMs, decision }];
}

function sum(parts: readonly { amount: bigint }[]): bigint {
  return parts.reduce((total, { amount }) => total + amount, 0n);
}

function min(...values: readonly bigint[]): bigint {
  return values.reduce((least, value) => (value < least ? value : least));
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
