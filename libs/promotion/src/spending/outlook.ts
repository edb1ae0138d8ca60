import type { Placement } from '@app/contracts';
import { sum } from './habits.js';
import { dayOfWeek, hourOfDay, localHour } from './local-time.js';
import {
  habitOf,
  sharedHabitOf,
  type Habit,
  type MerchantMemory,
  type SharedHabit,
  type SharedMemory,
} from './memory.js';
import { RATE_BINS, rateOfBin } from './rate-bins.js';
import { levelOf, steepnessOf } from './response.js';

/** Room of one rate. */
export interface Room {
  impressions: number;
  /** The natural logarithm of the GMV in fen per thousand impressions of the first impression. */
  logRate: number;
  steepness: number;
}

/** What is known of the category counts as so many days, weeks or slots of the merchant's own. */
const PRIOR_DAYS = 1.5;
const PRIOR_WEEKS = 3;
const PRIOR_SLOTS = 2;
const PRIOR_RATES = 6;
/**
 * Slots may fail to come: of so many that are expected, as many as their root times this are not counted on. At the end
 * of a lot, when few are left, none is, and it is pressed.
 */
const CAUTION = 1.5;
/** Further ahead nothing is planned, since by then there will be other lots. */
const HORIZON_MS = 6 * 86_400_000;
const LEAST_SHARE = 1e-4;

/** The room that may be counted on in a placement after an instant and before another, by rate. */
export function roomToCome(
  merchant: MerchantMemory,
  shared: SharedMemory,
  placement: Placement,
  afterMs: number,
  beforeMs: number,
): Room[] {
  const habit = habitOf(merchant, placement, afterMs);
  const common = sharedHabitOf(shared, merchant.category, placement);
  const untilMs = Math.min(beforeMs, afterMs + HORIZON_MS);
  const { impressions, slots } = expectedRoom(habit, common, afterMs, untilMs);
  const countedOn = impressions * sureShare(slots);
  if (!(countedOn > 0)) return [];
  const level = levelOf(merchant, shared, placement);
  const steepness = steepnessOf(shared, placement);
  return sharesByRate(habit, common).flatMap((share, bin) =>
    share > LEAST_SHARE
      ? [
          {
            impressions: countedOn * share,
            logRate: level + rateOfBin(bin),
            steepness,
          },
        ]
      : [],
  );
}

/** Of slots that come independently of each other, the number spreads as its root. */
export function sureShare(expectedSlots: number): number {
  return Math.max(0, 1 - CAUTION / Math.sqrt(expectedSlots + 1e-9));
}

/** The room that is expected after an instant and before another, and in how many slots. */
export function expectedRoom(
  habit: Habit,
  common: SharedHabit,
  afterMs: number,
  untilMs: number,
): { impressions: number; slots: number } {
  const days = habit.days + PRIOR_DAYS;
  const commonDays = common.merchantDays + 1;
  const commonSlot =
    common.slots > 0 ? sum(common.roomByHour) / common.slots : 0;
  const ownSlot =
    (sum(habit.roomByHour) + PRIOR_SLOTS * commonSlot) /
    (habit.slots + PRIOR_SLOTS);
  const size = commonSlot > 0 ? ownSlot / commonSlot : 1;
  const weekdays = weekdayFactors(habit, days);
  const times = hoursBetween(afterMs, untilMs, weekdays);
  let daily = 0;
  let impressions = 0;
  for (let hour = 0; hour < 24; hour += 1) {
    const prior = (common.roomByHour[hour]! / commonDays) * size;
    const room = (habit.roomByHour[hour]! + PRIOR_DAYS * prior) / days;
    daily += room;
    impressions += room * times[hour]!;
  }
  const slotsPerDay =
    (habit.slots + PRIOR_DAYS * (common.slots / commonDays)) / days;
  return {
    impressions,
    slots: daily > 0 ? (impressions / daily) * slotsPerDay : 0,
  };
}

/** How much more room than the mean each day of the week has. */
function weekdayFactors(habit: Habit, days: number): number[] {
  const daily = sum(habit.roomByWeekday) / days;
  return habit.roomByWeekday.map((room) =>
    daily > 0 ? (room / daily + PRIOR_WEEKS) / (days / 7 + PRIOR_WEEKS) : 1,
  );
}

/** How often each hour of the day begins within a span, each time weighted by its weekday. */
function hoursBetween(
  afterMs: number,
  untilMs: number,
  weekdays: readonly number[],
): number[] {
  const times = Array.from({ length: 24 }, () => 0);
  const first = localHour(afterMs) + 1;
  const last = localHour(untilMs - 1);
  for (let hour = first; hour <= last; hour += 1)
    times[hourOfDay(hour)]! += weekdays[dayOfWeek(hour)]!;
  return times;
}

function sharesByRate(habit: Habit, common: SharedHabit): number[] {
  const own = sum(habit.roomByRate);
  const all = sum(common.slotsByRate);
  const trust = habit.slots / (habit.slots + PRIOR_RATES);
  return Array.from(
    { length: RATE_BINS },
    (_, bin) =>
      (own > 0 ? (trust * habit.roomByRate[bin]!) / own : 0) +
      ((own > 0 ? 1 - trust : 1) * common.slotsByRate[bin]!) / all,
  );
}
