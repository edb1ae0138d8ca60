import * as fc from 'fast-check';
import { BASELINES } from '../../spending/baselines/index.js';
import { earnedMinor } from '../../spending/earned.js';
import { Optimizer } from './optimum.js';
import { runPolicy } from '../../spending/run-policy.js';
import { slowOptimum } from './test/slow-optimum.js';
import {
  anySmallTrace,
  DAY_MS,
  HOUR_MS,
  lot,
  slot,
} from '../../spending/test/small-traces.js';
import type { Trace } from '../../spending/trace.js';

let optimizer: Optimizer;
beforeAll(async () => {
  optimizer = await Optimizer.load();
});
afterAll(() => optimizer.close());

describe('the optimum', () => {
  it('earns what an exact search finds, whatever the lots and slots', () => {
    fc.assert(
      fc.property(anySmallTrace, (small) => {
        const perThousand = earned(small, optimizer.plan(...planned(small)));
        expect(perThousand * 1_000).toBeCloseTo(
          slowOptimum(...planned(small)),
          6,
        );
      }),
    );
  });

  it('gives whole impressions that the lots have', () => {
    fc.assert(
      fc.property(anySmallTrace, (small) => {
        const plan = optimizer.plan(...planned(small));
        expect(plan.every((given) => Number.isInteger(given))).toBe(true);
        const served = small.slots.map((one, at) => ({
          ...one,
          segments: [{ impressions: plan[at]!, gmvMinorPerThousand: 1_000 }],
        }));
        const total = plan.reduce((sum, given) => sum + given, 0);
        expect(slowOptimum(small.lots, served)).toBe(total * 1_000);
      }),
    );
  });

  it('earns no less than any policy', () => {
    fc.assert(
      fc.property(
        anySmallTrace,
        fc.constantFrom(...Object.values(BASELINES)),
        (small, make) => {
          const { impressionsBySlot } = runPolicy(small, make());
          expect(
            earned(small, optimizer.plan(...planned(small))),
          ).toBeGreaterThanOrEqual(
            earned(small, [...impressionsBySlot]) - 1e-6,
          );
        },
      ),
    );
  });

  it('waits for the better slot, and spends what cannot wait', () => {
    const plan = optimizer.plan(
      [
        lot({ amount: 700, expiresAtMs: HOUR_MS }),
        lot({ amount: 600, expiresAtMs: DAY_MS }),
      ],
      [
        slot({ segments: [{ impressions: 1_000, gmvMinorPerThousand: 1 }] }),
        slot({
          atMs: 2 * HOUR_MS,
          segments: [
            { impressions: 500, gmvMinorPerThousand: 9 },
            { impressions: 500, gmvMinorPerThousand: 0.5 },
          ],
        }),
      ],
    );
    expect(plan).toEqual([800, 500]);
  });

  it('plans nothing where no lot reaches a slot', () => {
    expect(
      optimizer.plan(
        [lot({ unit: 'VIDEO_IMP' }), lot({ atMs: 1 })],
        [slot({}), slot({ atMs: DAY_MS, placement: 'short_video' })],
      ),
    ).toEqual([0, 0]);
  });
});

function planned({ lots, slots }: Trace): [Trace['lots'], Trace['slots']] {
  return [lots, slots];
}

function earned({ slots }: Trace, plan: readonly number[]): number {
  return slots.reduce((sum, one, at) => sum + earnedMinor(one, plan[at]!), 0);
}
