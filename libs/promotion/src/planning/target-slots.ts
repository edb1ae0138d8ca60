import type { ClipKind, Placement } from '@app/contracts';
import {
  rests,
  videoKind,
  type MerchantPromotion,
} from '../merchant-promotion.js';
import { mayBeSpentIn, type Slot, type TargetKind } from '../spending/index.js';
import {
  newMerchantSpending,
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
        nextSlotMs(merchant, spending, candidate.targetId) <= clockMs ||
        isFundedNow(merchant, spending, candidate),
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
    .map(({ targetId }) => nextSlotMs(merchant, spending, targetId))
    .filter((atMs) => atMs > merchant.clockMs && atMs < Infinity);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Whether there is something to spend by now in a slot that had found nothing. */
function isFundedNow(
  merchant: MerchantPromotion,
  { unfunded }: MerchantSpending,
  { targetId, placement }: Candidate,
): boolean {
  return (
    unfunded.includes(targetId) &&
    spendableLots(merchant).some(({ unit }) => mayBeSpentIn(unit, placement))
  );
}

/** Also of a target that is called `__proto__`: publishers choose the ids. */
export function withSlotEnd(
  slotEndsMs: MerchantSpending['slotEndsMs'],
  { targetId, untilMs }: Slot,
): MerchantSpending['slotEndsMs'] {
  return { ...slotEndsMs, [targetId]: untilMs };
}

/** Forgets the slots of targets that there are no more. */
export function forgetSlots(
  merchant: MerchantPromotion,
  spending: MerchantSpending,
): void {
  const targetIds = new Set(
    [...merchant.sessions, ...merchant.videos].map(idOf),
  );
  for (const targetId of Object.keys(spending.slotEndsMs))
    if (!targetIds.has(targetId)) delete spending.slotEndsMs[targetId];
  spending.unfunded = spending.unfunded.filter((id) => targetIds.has(id));
}

function candidatesOf(merchant: MerchantPromotion): Candidate[] {
  const { sessions, videos, clockMs } = merchant;
  return [
    ...sessions
      .filter((session) => !rests(session, clockMs))
      .map(({ sessionId }) => ({
        placement: 'live' as const,
        targetId: sessionId,
        targetKind: 'session' as const,
      })),
    ...videos
      .filter((video) => !rests(video, clockMs))
      .map((video) => ({
        placement: 'short_video' as const,
        targetId: video.videoId,
        targetKind: videoKind(video),
        ...(video.clip ? { clipKind: video.clip.kind } : {}),
      })),
  ];
}

/** An order that is open is what its target has until it is closed. */
function nextSlotMs(
  { orders }: MerchantPromotion,
  { slotEndsMs }: MerchantSpending,
  targetId: string,
): number {
  if (orders.some((order) => order.targetId === targetId)) return Infinity;
  return Object.hasOwn(slotEndsMs, targetId) ? slotEndsMs[targetId]! : 0;
}

function idOf(target: { sessionId: string } | { videoId: string }): string {
  return 'videoId' in target ? target.videoId : target.sessionId;
}
