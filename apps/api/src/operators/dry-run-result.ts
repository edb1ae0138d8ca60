import { z } from 'zod';
import type { DryRunResult } from '@app/programs';
import { amount, instant, unit } from '../openapi/fields.js';

const merchantAmount = z.strictObject({ merchantId: z.string(), amount });
const unpaid = z.strictObject({
  /** Rewards of which less was paid than was promised. */
  rewards: z.int(),
  amount,
});
const spread = z.strictObject({
  merchants: z.int(),
  p50: amount,
  p90: amount,
  p99: amount,
  max: amount,
  histogram: z.array(
    z.strictObject({ from: amount, to: amount, merchants: z.int() }),
  ),
});
const tier = { tier: z.string(), unit, grants: z.int(), granted: amount };
const counts = { eligible: z.int(), reached: z.int() };

/** What a version would have granted. */
const report = z
  .strictObject({
    program: z.string(),
    version: z.int(),
    merchants: z.strictObject(counts),
    lateEvents: z.int(),
    units: z.array(
      z.strictObject({
        unit,
        pool: amount,
        granted: amount,
        takenBack: amount,
        net: amount,
        unpaid: z.strictObject({ poolDry: unpaid, capped: unpaid }),
        spread,
        top: z.array(merchantAmount),
      }),
    ),
    goals: z.array(
      z.strictObject({
        goal: z.string(),
        lateEvents: z.int(),
        tiers: z.array(z.strictObject(tier)),
        takenBack: z.array(z.strictObject({ unit, times: z.int(), amount })),
      }),
    ),
  })
  .meta({ id: 'DryRunReport' });

/** The draft less the version that it is put beside. */
const differences = z
  .strictObject({
    merchants: z.strictObject(counts),
    lateEvents: z.int(),
    units: z.array(
      z.strictObject({
        unit,
        pool: amount,
        granted: amount,
        takenBack: amount,
        net: amount,
        merchants: z.strictObject({
          more: z.int(),
          less: z.int(),
          same: z.int(),
        }),
        top: z.array(
          z.strictObject({
            merchantId: z.string(),
            draft: amount,
            running: amount,
          }),
        ),
      }),
    ),
    tiers: z.array(z.strictObject({ goal: z.string(), ...tier })),
  })
  .meta({ id: 'DryRunDifferences' });

export const dryRunResult = z
  .strictObject({
    activity: z.strictObject({
      events: z.int(),
      merchants: z.int(),
      earlierEvents: z.int(),
      first: instant.nullable(),
      last: instant.nullable(),
    }),
    draft: report,
    /** Null where the draft was put beside none; the differences too. */
    running: report.nullable(),
    differences: differences.nullable(),
  })
  .meta({ id: 'DryRun' });

export function tellDryRun({
  activity: { firstMs, lastMs, ...activity },
  ...reports
}: DryRunResult): z.output<typeof dryRunResult> {
  return {
    activity: {
      ...activity,
      first: firstMs === null ? null : new Date(firstMs),
      last: lastMs === null ? null : new Date(lastMs),
    },
    ...reports,
  };
}
