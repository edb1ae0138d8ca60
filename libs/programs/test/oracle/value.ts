import type { Goal, Program } from '../../src/program.js';
import { isTimeOnAir, type Contribution } from './contributions.js';
import { daysAfter, localDate } from './local-dates.js';

/** A metric's value by what counts in one period. */
export function valueOf(
  { timeZone }: Program,
  { metric, secondsADay }: Goal,
  counted: readonly Contribution[],
): bigint {
  if (metric === 'liveDays' || metric === 'liveDayStreak') {
    const onAirMs = new Map<string, bigint>();
    for (const { atMs, amount } of counted) {
      const date = localDate(timeZone, atMs);
      onAirMs.set(date, (onAirMs.get(date) ?? 0n) + amount);
    }
    const days = Array.from(onAirMs)
      .filter(([, ms]) => ms / 1000n >= secondsADay!)
      .map(([date]) => date);
    return BigInt(metric === 'liveDays' ? days.length : longestRun(days));
  }
  const total = counted.reduce((sum, { amount }) => sum + amount, 0n);
  return isTimeOnAir(metric) ? total / 1000n : total;
}

function longestRun(days: readonly string[]): number {
  const lengths = days.map((first) => {
    let length = 1;
    while (days.includes(daysAfter(first, length))) length++;
    return length;
  });
  return Math.max(0, ...lengths);
}
