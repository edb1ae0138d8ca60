import type { Placement } from '@app/contracts';
import { DAY_MS, dayOfWeek, hourOfDay, localHour } from './local-time.js';
import {
  habitOf,
  sharedHabitOf,
  type Habit,
  type MerchantMemory,
  type SharedHabit,
  type SharedMemory,
} from './memory.js';
import { binOfRate } from './rate-bins.js';
import type { RateBelief } from './response.js';
import type { Slot } from './spending-policy.js';

/** What was seen counts for a third after so many days. */
export const MEMORY_DAYS = 14;
/** And for a third of what is the case these days after so many. */
export const RECENT_DAYS = 1;
/** A merchant's own slots count for their category once there are so many. */
export const LEAST_SLOTS = 3;

/**
 * Notes that a slot was there, for its merchant and for the category. The memories are changed in place.
 *
 * @param share of the slot, that was not noted yet
 */
export function noticeSlot(
  { placement, atMs, capacity }: Slot,
  { mean, level }: RateBelief,
  merchant: MerchantMemory,
  shared: SharedMemory,
  share: number,
): void {
  const habit = habitOf(merchant, placement, atMs);
  const common = sharedHabitOf(shared, merchant.category, placement);
  const hour = localHour(atMs);
  const room = share * capacity;
  const bin = binOfRate(mean - level);
  habit.roomInLastHour = roomSeenIn(habit, hour) + room;
  habit.lastHour = hour;
  habit.slots += share;
  habit.recentRoom += room;
  habit.roomByHour[hourOfDay(hour)]! += room;
  habit.roomByWeekday[dayOfWeek(hour)]! += room;
  habit.roomByRate[bin]! += room;
  common.slots += share;
  common.roomByHour[hourOfDay(hour)]! += room;
  if (habit.slots > LEAST_SLOTS)
    common.slotsByRate[bin]! += room / (sum(habit.roomByHour) / habit.slots);
}

/** Capacity of the slots that have begun in a local hour, where it is the last one in which any has. */
export function roomSeenIn(
  { lastHour, roomInLastHour }: Habit,
  hour: number,
): number {
  return lastHour === hour ? roomInLastHour : 0;
}

/** Lets what was seen of a merchant fade to an instant. */
export function passTime(
  merchant: MerchantMemory,
  shared: SharedMemory,
  placement: Placement,
  atMs: number,
): void {
  watch(
    sharedHabitOf(shared, merchant.category, placement),
    merchant,
    placement,
    atMs,
  );
  const habit = habitOf(merchant, placement, atMs);
  const days = (atMs - habit.atMs) / DAY_MS;
  if (days <= 0) return;
  const kept = Math.exp(-days / MEMORY_DAYS);
  fade(habit, kept);
  habit.days += MEMORY_DAYS * (1 - kept);
  const recent = Math.exp(-days / RECENT_DAYS);
  habit.recentRoom *= recent;
  habit.recentDays = habit.recentDays * recent + RECENT_DAYS * (1 - recent);
  habit.atMs = atMs;
}

/** Days pass for all merchants of a category, also for those who stay away. */
function watch(
  common: SharedHabit,
  { habits }: MerchantMemory,
  placement: Placement,
  atMs: number,
): void {
  const days = Math.max(0, atMs - (common.atMs ?? atMs)) / DAY_MS;
  common.merchantDays += common.merchants * days;
  common.atMs = Math.max(common.atMs ?? atMs, atMs);
  if (!habits[placement]) common.merchants += 1;
}

function fade(habit: Habit, kept: number): void {
  habit.days *= kept;
  habit.slots *= kept;
  for (const sums of [
    habit.roomByHour,
    habit.roomByWeekday,
    habit.roomByRate,
  ]) {
    for (let index = 0; index < sums.length; index += 1) sums[index]! *= kept;
  }
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
