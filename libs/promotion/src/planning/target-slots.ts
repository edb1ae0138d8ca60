import type { ClipKind, Placement } from '@app/contracts';
import { roomUnderLimits } from '../limits.js';
import {
  rests,
  videoKind,
  type MerchantPromotion,
  type PublishedVideo,
  type RunningSession,
} from '../merchant-promotion.js';
import { mayBeSpentIn, type Slot, type TargetKind } from '../spending/index.js';
import {
  newMerchantSpending,
  targetKey,
  type MerchantSpending,
} from './merchant-spending.js';
import { roomOf } from './room-estimate.js';
import { spendableLots } from './spendable-lots.js';

/** A target is planned for anew so often: streams change by the minute, videos by the hour. */
export const SLOT_MS: Record<Placement, number> = {
  live: 30 * 60_000,
  short_video: 2 * 60 * 60_000,
};

interface Candidate {
  placement: Placement;
  targetId: string;
  targetKind: TargetKind;
  clipKind?: ClipKind;
}

/** The slots that begin now: of targets that run, do not rest, and have no order or slot of before. */
export function slotsBeginning(merchant: MerchantPromotion): Slot[] {
  const { clockMs } = merchant;
  const spending = merchant.spending ?? newMerchantSpending();
  return candidatesOf(merchant)
    .filter(
      (candidate) =>
        nextSlotMs(merchant, spending, candidate) <= clockMs ||
        mayBeginAnew(merchant, spending, candidate),
    )
    .map((candidate) => {
      const lengthMs = SLOT_MS[candidate.placement];
      return {
        ...candidate,
        atMs: clockMs,
        untilMs: clockMs + lengthMs,
        capacity: roomOf(spending, candidate.targetKind, lengthMs),
      };
    });
}

/** When time alone will next begin a slot of a merchant; null for never. */
export function nextPlanMs(merchant: MerchantPromotion): number | null {
  const { spending } = merchant;
  if (!spending) return null;
  const times = candidatesOf(merchant)
    .map((candidate) => nextSlotMs(merchant, spending, candidate))
    .filter((atMs) => atMs > merchant.clockMs && atMs < Infinity);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Whether there is by now what a slot that was given nothing may be given. */
function mayBeginAnew(
  merchant: MerchantPromotion,
  { unfunded }: MerchantSpending,
  candidate: Candidate,
): boolean {
  if (!unfunded.includes(targetKey(candidate))) return false;
  const { placement, targetId } = candidate;
  const { most, least } = roomUnderLimits(
    merchant,
    placement,
    targetId,
    merchant.clockMs,
  );
  const spendable = spendableLots(merchant)
    .filter(({ unit }) => mayBeSpentIn(unit, placement))
    .reduce((sum, { available }) => sum + available, 0);
  return least <= most && least <= spendable;
}

/** Forgets the slots of targets that there are no more. */
export function forgetSlots(
  merchant: MerchantPromotion,
  spending: MerchantSpending,
): void {
  const keys = new Set(
    [
      ...merchant.sessions.map(candidateOfSession),
      ...merchant.videos.map(candidateOfVideo),
    ].map(targetKey),
  );
  for (const key of Object.keys(spending.slotEndsMs))
    if (!keys.has(key)) delete spending.slotEndsMs[key];
  spending.unfunded = spending.unfunded.filter((key) => keys.has(key));
}

function candidatesOf(merchant: MerchantPromotion): Candidate[] {
  const { sessions, videos, clockMs } = merchant;
  return [
    ...sessions
      .filter((session) => !rests(session, clockMs))
      .map(candidateOfSession),
    ...videos.filter((video) => !rests(video, clockMs)).map(candidateOfVideo),
  ];
}

function candidateOfSession({ sessionId }: RunningSession): Candidate {
  return { placement: 'live', targetId: sessionId, targetKind: 'session' };
}

function candidateOfVideo(video: PublishedVideo): Candidate {
  return {
    placement: 'short_video',
    targetId: video.videoId,
    targetKind: videoKind(video),
    ...(video.clip ? { clipKind: video.clip.kind } : {}),
  };
}

/** An order that is open is what its target has until it is closed. */
function nextSlotMs(
  { orders }: MerchantPromotion,
  { slotEndsMs }: MerchantSpending,
  candidate: Candidate,
): number {
  const key = targetKey(candidate);
  return orders.some((order) => targetKey(order) === key)
    ? Infinity
    : (slotEndsMs[key] ?? 0);
}
