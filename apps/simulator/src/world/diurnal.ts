import { HOUR_MS } from './calendar.js';
import type { Random } from './random.js';

/** How busy each hour of the day is, from midnight on: quiet before dawn, a lunch break, a long evening. */
const HOUR_WEIGHTS = [
  5, 3, 2, 2, 2, 3, 5, 7, 9, 10, 11, 12, 13, 11, 10, 10, 10, 11, 13, 16, 18, 17,
  13, 9,
];

/** A moment of a day, more likely where shoppers are awake. */
export function momentOfDayMs(random: Random, dayStartMs: number): number {
  const hour = random.weighted(HOUR_WEIGHTS) + random.unit();
  return dayStartMs + Math.floor(hour * HOUR_MS);
}
