import { z } from 'zod';
import { LEAST_DAYS_KEPT } from '@app/ledger/postgres';
import { serviceConfiguration } from '@app/platform';

const DAYS_EXPECTED = `expected a whole number from ${LEAST_DAYS_KEPT} on`;

export const granterConfiguration = serviceConfiguration.extend({
  /** The directory of the program files. */
  PROGRAMS_DIR: z.string().default('programs'),
  /** How long activity is kept; for good where it is not set. */
  KEEP_ACTIVITY_DAYS: z
    .string(DAYS_EXPECTED)
    .regex(/^\d{1,5}$/, DAYS_EXPECTED)
    .transform(Number)
    .pipe(z.int().min(LEAST_DAYS_KEPT, DAYS_EXPECTED))
    .optional(),
});

export type GranterConfiguration = z.output<typeof granterConfiguration>;
