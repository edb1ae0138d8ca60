import fc from 'fast-check';

/** From before Berlin puts its clocks back, on 27 October, to well after Double 11. */
export const FIRST_MS = Date.parse('2024-10-22T00:00:00+08:00');
export const LAST_MS = Date.parse('2024-11-26T00:00:00+08:00');

export const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

/** The hours of UTC at which a day ends in Shanghai, in Berlin in summer and in winter, and in UTC. */
const MIDNIGHTS = [16, 22, 23, 24];

/** Midnights, and the seconds before and after them. */
const aboutMidnight = fc
  .record({
    day: fc.integer({ min: 0, max: 34 }),
    hour: fc.constantFrom(...MIDNIGHTS),
    second: fc.integer({ min: -1, max: 1 }),
  })
  .map(
    ({ day, hour, second }) =>
      Date.parse('2024-10-22T00:00:00Z') +
      (day * 24 + hour) * HOUR_MS +
      second * SECOND_MS,
  );

/** A time to the second, often one at which something changes. */
export const anyTimeMs = fc.oneof(
  { weight: 3, arbitrary: between(FIRST_MS, LAST_MS) },
  { weight: 2, arbitrary: aboutMidnight },
  {
    weight: 1,
    arbitrary: between(
      Date.parse('2024-11-10T12:00:00Z'),
      Date.parse('2024-11-12T12:00:00Z'),
    ),
  },
  {
    weight: 1,
    arbitrary: between(
      Date.parse('2024-10-26T20:00:00Z'),
      Date.parse('2024-10-28T02:00:00Z'),
    ),
  },
);

function between(fromMs: number, untilMs: number): fc.Arbitrary<number> {
  return fc
    .integer({ min: 0, max: (untilMs - fromMs) / SECOND_MS - 1 })
    .map((seconds) => fromMs + seconds * SECOND_MS);
}
