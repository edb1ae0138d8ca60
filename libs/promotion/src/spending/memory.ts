import type { Placement } from '@app/contracts';
import type { Effect } from './effect.js';
import { localHour } from './local-time.js';
import { RATE_BINS, rateOfBin } from './rate-bins.js';

/** Effects by name. */
export type Effects = Record<string, Effect>;

/** What is known of one session, video or clip. */
export interface TargetMemory {
  targetId: string;
  effect: Effect;
  /** When it was first there. */
  sinceMs: number;
  /** When its last slot ends. */
  lastMs: number;
  /** Whether a report has told of it. */
  isReported: boolean;
}

/** When and where a merchant has room in one placement: sums that fade with the days. */
export interface Habit {
  /** Until when the sums have faded. */
  atMs: number;
  /** For how long this was watched, faded alike. */
  days: number;
  slots: number;
  /** The last local hour in which a slot has begun, and the capacity of those that have. */
  lastHour: number;
  roomInLastHour: number;
  /** Capacity of slots, and the days watched, faded faster: what is the case these days. */
  recentRoom: number;
  recentDays: number;
  /** Capacity of slots, by the local hour that they begin in. */
  roomByHour: number[];
  /** By the local day of the week, from Monday. */
  roomByWeekday: number[];
  /** By how far the rate that was believed lay from the merchant's level. */
  roomByRate: number[];
}

/** What spending remembers of one merchant. Plain JSON, bounded. */
export interface MerchantMemory {
  category: string;
  effects: Effects;
  targets: TargetMemory[];
  habits: Partial<Record<Placement, Habit>>;
  /** Orders that were reported, and their GMV in fen. */
  orders: number;
  gmvMinor: number;
}

/** The habits of a category in one placement: what is expected of a merchant of whom little is known. */
export interface SharedHabit {
  /** Merchants that were met, and the days that have passed for them all until an instant. */
  merchants: number;
  merchantDays: number;
  atMs: number | null;
  slots: number;
  roomByHour: number[];
  /** In slots of the merchant's usual size. */
  slotsByRate: number[];
}

/** What spending has learnt from all merchants together. Plain JSON, bounded by the number of categories. */
export interface SharedMemory {
  effects: Effects;
  /** Variance of what a report says beyond what anything explains, by placement. */
  noise: Record<Placement, number>;
  habits: Record<string, SharedHabit>;
}

/** More categories than there are names for are one. */
export const MAX_CATEGORIES = 64;
const OTHER_CATEGORIES = 'other';
/** Before anything was seen: much noise, so that single reports count for little. */
export const FIRST_NOISE = 0.3;

export function newMerchantMemory(category: string): MerchantMemory {
  return {
    category,
    effects: {},
    targets: [],
    habits: {},
    orders: 0,
    gmvMinor: 0,
  };
}

export function newSharedMemory(): SharedMemory {
  return {
    effects: {},
    noise: { live: FIRST_NOISE, short_video: FIRST_NOISE },
    habits: {},
  };
}

export function habitOf(
  { habits }: MerchantMemory,
  placement: Placement,
  atMs: number,
): Habit {
  return (habits[placement] ??= {
    atMs,
    days: 0,
    slots: 0,
    lastHour: localHour(atMs),
    roomInLastHour: 0,
    recentRoom: 0,
    recentDays: 0,
    roomByHour: zeros(24),
    roomByWeekday: zeros(7),
    roomByRate: zeros(RATE_BINS),
  });
}

/** The name that a category is remembered by. */
export function knownCategory(
  { habits }: SharedMemory,
  category: string,
  placement: Placement,
): string {
  const isKnown = habits[habitName(category, placement)] !== undefined;
  return isKnown || Object.keys(habits).length < 2 * MAX_CATEGORIES
    ? category
    : OTHER_CATEGORIES;
}

function habitName(category: string, placement: Placement): string {
  return `${category}/${placement}`;
}

export function sharedHabitOf(
  shared: SharedMemory,
  category: string,
  placement: Placement,
): SharedHabit {
  const name = habitName(knownCategory(shared, category, placement), placement);
  return (shared.habits[name] ??= {
    merchants: 0,
    merchantDays: 0,
    atMs: null,
    slots: 0,
    roomByHour: zeros(24),
    slotsByRate: Array.from({ length: RATE_BINS }, (_, bin) =>
      firstGuess(rateOfBin(bin)),
    ),
  });
}

/** A bell a factor of e^0.6 wide, worth the slots of a day or so. */
function firstGuess(relativeLogRate: number): number {
  return Math.exp(-0.5 * (relativeLogRate / 0.6) ** 2);
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
