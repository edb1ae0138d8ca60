import fc from 'fast-check';
import { anyActivity } from '../../test/any-activity.js';
import { ALL_SETTLED_MS, anyTightPrograms } from '../../test/any-programs.js';
import { anyCuts, cut } from '../../test/arbitraries.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { progressToJson, type PeriodProgress } from '../progress.js';

/** Rows stay open, in place of being read again after each batch. */
class StayingOpen extends GranterInMemory {
  protected override kept(progress: PeriodProgress): PeriodProgress {
    return progress;
  }
}

function stored({ progress }: GranterInMemory) {
  return new Map(
    Array.from(progress, ([merchantId, rows]) => [
      merchantId,
      new Map(Array.from(rows, ([key, row]) => [key, progressToJson(row)])),
    ]),
  );
}

describe('rows that stay open from batch to batch', () => {
  it('come to what rows that are stored and read again do, also where programs change', () => {
    fc.assert(
      fc.property(
        fc.tuple(anyTightPrograms, anyTightPrograms),
        anyActivity,
        anyCuts,
        ([programs, others], activity, cuts) => {
          const open = new StayingOpen(programs);
          const read = new GranterInMemory(programs);
          for (const granter of [open, read]) {
            const batches = cut(activity, cuts);
            batches.forEach((batch, i) => {
              if (i === batches.length - 1) granter.programs = others;
              granter.take(batch, batch.at(-1)?.occurredAtMs ?? 0);
            });
            granter.at(ALL_SETTLED_MS);
          }
          expect(open.drafts).toEqual(read.drafts);
          expect(open.lots).toEqual(read.lots);
          expect(open.unpaid).toEqual(read.unpaid);
          expect(stored(open)).toEqual(stored(read));
          expect(open.nextDueMs).toBe(read.nextDueMs);
        },
      ),
      { numRuns: 150 },
    );
  });
});
