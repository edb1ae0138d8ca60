import type { Placement } from '@app/contracts';
import { roomSeenIn, sum } from './habits.js';
import { dayOfWeek, HOUR_MS, hourOfDay, localHour } from './local-time.js';
import {
  habitOf,
  sharedHabitOf,
  type Habit,
  type MerchantMemory,
  type SharedHabit,
  type SharedMemory,
} from './memory.js';
import { rateSharesOf, type RateShares } from './rate-shares.js';
import { levelOf, spendingSteepnessOf } from './response.js';

/** What is expected of a placement from an instant on: made once a decision, asked for every instant of expiry. */
export interface Outlook {
  placement: Placement;
  fromMs: number;
  /** Impressions of room from `fromMs` until so many local hours after the one that it lies in have begun. */
  roomByHours: Float64Array;
  slotsPerImpression: number;
  /** Of the merchant, faded alike. */
  slotsSeen: number;
  /** The natural logarithm of the merchant's usual rate. */
  logLevel: number;
  rates: RateShares;
  steepness: number;
}

/** What is known of the category counts as so many days, weeks or slots of the merchant's own. */
export const PRIOR_DAYS = 1.5;
export const PRIOR_WEEKS = 3;
export const PRIOR_SLOTS = 2;
/**
 * How much of what the last day had above or below habit goes on: videos are there for days, and how many there are
 * says how much room will be; that there was a stream does not say that there will be one.
 */
export const RECENT_WEIGHT: Record<Placement, number> = {
  live: 0,
  short_video: 0.7,
};
export const RECENT_PRIOR_DAYS = 0.5;
/** Further ahead nothing is planned, since by then there will be other lots. */
export const HORIZON_HOURS = 6 * 24;

export function outlookOf(
  merchant: MerchantMemory,
  shared: SharedMemory,
  placement: Placement,
  atMs: number,
): Outlook {
  const habit = habitOf(merchant, placement, atMs);
  const common = sharedHabitOf(shared, merchant.category, placement);
  const roomByHour = usualRoomByHour(habit, common);
  const daily = sum(roomByHour);
  const slotsPerDay =
    (habit.slots + PRIOR_DAYS * (common.slots / daysOf(common))) /
    (habit.days + PRIOR_DAYS);
  return {
    placement,
    fromMs: atMs,
    roomByHours: roomAhead(atMs, {
      roomByHour,
      weekdays: weekdayFactors(habit),
      factor: recentFactor(habit, daily, RECENT_WEIGHT[placement]),
      seen: roomSeenIn(habit, localHour(atMs)),
    }),
    slotsSeen: habit.slots,
    slotsPerImpression: daily > 0 ? slotsPerDay / daily : 0,
    logLevel: levelOf(merchant, shared, placement),
    rates: rateSharesOf(habit, common),
    steepness: spendingSteepnessOf(shared, placement),
  };
}

/** The impressions of room that are expected before an instant. */
export function expectedRoom(
  { fromMs, roomByHours }: Outlook,
  untilMs: number,
): number {
  const hours = untilMs / HOUR_MS - Math.floor(fromMs / HOUR_MS);
  const last = roomByHours.length - 1;
  if (hours >= last) return roomByHours[last]!;
  const whole = Math.max(0, Math.floor(hours));
  const room = roomByHours[whole]!;
  return room + Math.max(0, hours - whole) * (roomByHours[whole + 1]! - room);
}

/** Room by the local hour, in the mean of the days. */
function usualRoomByHour(habit: Habit, common: SharedHabit): number[] {
  const commonSlot =
    common.slots > 0 ? sum(common.roomByHour) / common.slots : 0;
  const ownSlot =
    (sum(habit.roomByHour) + PRIOR_SLOTS * commonSlot) /
    (habit.slots + PRIOR_SLOTS);
  const size = commonSlot > 0 ? ownSlot / commonSlot : 1;
  const prior = (PRIOR_DAYS * size) / daysOf(common);
  const days = habit.days + PRIOR_DAYS;
  return habit.roomByHour.map(
    (room, hour) => (room + prior * common.roomByHour[hour]!) / days,
  );
}

function daysOf({ merchantDays }: SharedHabit): number {
  return merchantDays + 1;
}

/** How much more room than the mean each day of the week has. */
function weekdayFactors(habit: Habit): number[] {
  const days = habit.days + PRIOR_DAYS;
  const daily = sum(habit.roomByWeekday) / days;
  return habit.roomByWeekday.map((room) =>
    daily > 0 ? (room / daily + PRIOR_WEEKS) / (days / 7 + PRIOR_WEEKS) : 1,
  );
}

function recentFactor(habit: Habit, daily: number, weight: number): number {
  if (!(daily > 0)) return 1;
  const ratio =
    (habit.recentRoom / daily + RECENT_PRIOR_DAYS) /
    (habit.recentDays + RECENT_PRIOR_DAYS);
  return 1 + weight * (ratio - 1);
}

interface UsualRoom {
  roomByHour: readonly number[];
  /** How much more than that each day of the week has. */
  weekdays: readonly number[];
  /** How much more than that there is these days. */
  factor: number;
  /** What has begun in this hour: it does not come again. */
  seen: number;
}

function roomAhead(
  atMs: number,
  { roomByHour, weekdays, factor, seen }: UsualRoom,
): Float64Array {
  const ahead = new Float64Array(HORIZON_HOURS + 2);
  let hour = hourOfDay(localHour(atMs));
  let day = dayOfWeek(localHour(atMs));
  const passed = atMs / HOUR_MS - Math.floor(atMs / HOUR_MS);
  const usual = factor * roomByHour[hour]! * weekdays[day]!;
  let room = (1 - passed) * Math.max(0, usual - seen);
  ahead[1] = room;
  for (let n = 1; n <= HORIZON_HOURS; n += 1) {
    hour += 1;
    if (hour === 24) {
      hour = 0;
      day = (day + 1) % 7;
    }
    room += factor * roomByHour[hour]! * weekdays[day]!;
    ahead[n + 1] = room;
  }
  return ahead;
}
