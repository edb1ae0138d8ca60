import type { OpenOrder } from '../merchant-promotion.js';
import type { TargetKind } from '../spending/index.js';
import type { MerchantSpending } from './merchant-spending.js';

/** Impressions an hour that a target is thought to take before its merchant has had an order of the kind. */
export const FIRST_ROOM: Record<TargetKind, number> = {
  session: 10_000,
  video: 2_000,
  clip: 2_000,
};
export const LEAST_ROOM = 100;
/** More than any stream shows in an hour; it also keeps sums exact. */
export const MOST_ROOM = 1_000_000_000;
export const HOUR_MS = 3_600_000;
/** An order that was for nearly all of the room, and of which nearly all came, says that there was more. */
export const NEARLY_ALL = 0.9;
export const GROWTH = 1.5;

/** The room of a slot, as far as it is known: whole impressions, at least one. */
export function roomOf(
  { roomPerHour }: MerchantSpending,
  kind: TargetKind,
  lengthMs: number,
): number {
  const room = roomPerHour[kind] ?? FIRST_ROOM[kind];
  return Math.max(1, Math.floor((room * lengthMs) / HOUR_MS));
}

/**
 * Learns from what came of an order: it grows by half where all came of an order for all, and moves half the way to
 * what came where less than ordered did. Where the order was for a part, and all of it came, nothing is learnt.
 */
export function learnRoom(
  spending: MerchantSpending,
  { slot, deadlineMs, orderedAtMs, parts, deliveredImpressions }: OpenOrder,
): void {
  if (!slot) return;
  const delivered = Number(deliveredImpressions);
  const left = parts.reduce((sum, { amount }) => sum + Number(amount), 0);
  const ordered = delivered + left;
  const lengthMs = deadlineMs - orderedAtMs;
  const room =
    spending.roomPerHour[slot.targetKind] ?? FIRST_ROOM[slot.targetKind];
  const cameInFull = delivered >= NEARLY_ALL * ordered;
  if (lengthMs <= 0 || (cameInFull && ordered < NEARLY_ALL * slot.capacity))
    return;
  const learnt = cameInFull
    ? room * GROWTH
    : (room + (delivered * HOUR_MS) / lengthMs) / 2;
  spending.roomPerHour[slot.targetKind] = Math.min(
    MOST_ROOM,
    Math.max(LEAST_ROOM, learnt),
  );
}
