import { z } from 'zod';
import { serviceConfiguration } from '@app/platform';

/** A whole number in a variable. */
function whole(min: number, max: number) {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z
    .string(expected)
    .regex(/^\d{1,16}$/, expected)
    .transform(Number)
    .pipe(z.int(expected).min(min, expected).max(max, expected));
}

const SPEED_EXPECTED = 'expected a number from 0.1 to 100000';
const EPOCH_EXPECTED =
  'expected a moment with an offset, e.g. 2026-11-11T00:00:00+08:00';

export const simulatorConfiguration = serviceConfiguration
  .omit({ DATABASE_URL: true })
  .extend({
    /** The same seed gives the same events. */
    SIMULATOR_SEED: whole(0, Number.MAX_SAFE_INTEGER).default(1),
    /** Memory and the rate of events grow with it. */
    SIMULATOR_MERCHANTS: whole(1, 100_000).default(200),
    /** Simulated seconds in a real one; by default a day takes ten minutes. */
    SIMULATOR_SPEED: z
      .string(SPEED_EXPECTED)
      .regex(/^\d{1,6}(\.\d+)?$/, SPEED_EXPECTED)
      .transform(Number)
      .pipe(z.number().min(0.1, SPEED_EXPECTED).max(100_000, SPEED_EXPECTED))
      .default(144),
    /** When simulated time begins; by default now. Events run ahead of the real clock from there. */
    SIMULATOR_EPOCH: z.iso
      .datetime({ offset: true, error: EPOCH_EXPECTED })
      .transform((text) => Date.parse(text))
      .default(() => Date.now())
      .transform((atMs) => atMs - (atMs % 1000)),
    /** `false` leaves only the stand-in for the ad-delivery service. */
    SIMULATOR_TRAFFIC: z
      .enum(['true', 'false'], 'expected true or false')
      .default('true')
      .transform((text) => text === 'true'),
  });

export type SimulatorConfiguration = z.output<typeof simulatorConfiguration>;
