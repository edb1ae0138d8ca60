import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';

const HOUR_MS = 3_600_000;

/** Events that came by at one time, by the clock. */
export interface Arrival {
  clockMs: number;
  events: ActivityEvent[];
  /** How the granter on PostgreSQL takes them: see `TakeOptions`. */
  cuts: number[];
}

/** After how many hours an event comes: mostly at once, now and then after days. */
const anyDelay = fc.constantFrom(0, 0, 0, 0, 0, 1, 5, 30, 100, 400);

/**
 * How events come by: some of them late, some once more, a few days' together; with nothing but the time passing in
 * between.
 *
 * @param seed the same arrivals every time
 */
export function arrivalsOf(
  events: readonly ActivityEvent[],
  seed: number,
): Arrival[] {
  const [delays, again, cuts] = fc.sample(
    fc.tuple(
      fc.array(anyDelay, arrayOf(events.length)),
      fc.array(fc.integer({ min: 0, max: 9 }), arrayOf(events.length)),
      fc.array(fc.integer({ min: 1, max: 12 }), arrayOf(events.length)),
    ),
    { seed, numRuns: 1 },
  )[0]!;
  const coming = events
    .flatMap((event, i) => {
      const atMs = event.occurredAtMs + delays[i]! * HOUR_MS;
      const first = { event, atMs };
      // Some come once more: at once, or days later.
      if (again[i] === 0) return [first, first];
      return again[i] === 1
        ? [first, { event, atMs: atMs + 60 * HOUR_MS }]
        : [first];
    })
    .sort((a, b) => a.atMs - b.atMs);
  const arrivals: Arrival[] = [];
  while (coming.length > 0) {
    const { atMs } = coming[0]!;
    const rest = coming.findIndex((one) => one.atMs > atMs + 40 * HOUR_MS);
    const together = coming.splice(0, rest === -1 ? coming.length : rest);
    arrivals.push({
      clockMs: together.at(-1)!.atMs,
      events: together.map(({ event }) => event),
      cuts: cuts.splice(0, 1 + (together.length % 4)),
    });
  }
  return arrivals;
}

function arrayOf(length: number) {
  return { minLength: length, maxLength: length };
}
