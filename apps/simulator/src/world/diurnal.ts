import { HOUR_MS, hourOfDay } from './calendar.js';
import type { Random } from './random.js';

/** How busy each hour of the day is, from midnight on: quiet before dawn, a lunch break, a long evening. */
const HOUR_WEIGHTS = [
  5, 3, 2, 2, 2, 3, 5, 7, 9, 10, 11, 12, 13, 11, 10, 10, 10, 11, 13, 16, 18, 17,
  13, 9,
];
const MEAN_WEIGHT =
  HOUR_WEIGHTS.reduce((sum, weight) => sum + weight) / HOUR_WEIGHTS.length;

/** A moment of a day, more likely where shoppers are awake. */
export function momentOfDayMs(random: Random, dayStartMs: number): number {
  const hour = random.weighted(HOUR_WEIGHTS) + random.unit();
  return dayStartMs + Math.floor(hour * HOUR_MS);
}

/** How many shoppers are awake from one moment to another, on average; 1 over a whole day. */
export function busyness(fromMs: number, untilMs: number): number {
  const steps = Math.max(1, Math.round((untilMs - fromMs) / HOUR_MS));
  const stepMs = (untilMs - fromMs) / steps;
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    const hour = Math.floor(hourOfDay(fromMs + (step + 0.5) * stepMs));
    sum += HOUR_WEIGHTS[hour]!;
  }
  return sum / steps / MEAN_WEIGHT;
}
