import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import {
  anyActivity,
  inTimeOrder,
  onlyRising,
  shuffled,
} from '../../test/any-activity.js';
import {
  ALL_SETTLED_MS,
  anyProgram,
  anyPrograms,
  anyTightPrograms,
} from '../../test/any-programs.js';
import { anyCuts, cut } from '../../test/arbitraries.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import {
  covers,
  expectedTotals,
  netTotals,
  walkedTotals,
  walks,
  type OracleOptions,
} from '../../test/oracle/index.js';
import type { Program } from '../program.js';

/** What is granted less what is taken back, once all has settled, of the goals that the oracle covers. */
function coveredTotals(
  programs: readonly Program[],
  batches: readonly ActivityEvent[][],
  options: OracleOptions = {},
): Map<string, bigint> {
  const granter = new GranterInMemory(programs);
  for (const batch of batches) granter.take(batch);
  granter.at(ALL_SETTLED_MS);
  return netTotals(programs, granter, (program, goal) =>
    covers(programs, program, goal, options),
  );
}

const sorted = (totals: ReadonlyMap<string, bigint>) =>
  [...totals].sort(([a], [b]) => (a < b ? -1 : 1));

describe('programs that settle, or take the difference back', () => {
  it('grant what a plain oracle says, in whatever order and batches events come', () => {
    const shuffledActivity = anyActivity.chain((events) => shuffled(events));
    fc.assert(
      fc.property(
        anyPrograms,
        shuffledActivity,
        anyCuts,
        (programs, events, cuts) => {
          expect(sorted(coveredTotals(programs, cut(events, cuts)))).toEqual(
            sorted(expectedTotals(programs, events, { endMs: ALL_SETTLED_MS })),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('programs that never take anything back', () => {
  it('grant what a plain oracle says where nothing is refunded and events come in order', () => {
    fc.assert(
      fc.property(anyPrograms, anyActivity, (programs, activity) => {
        const events = inTimeOrder(onlyRising(activity));
        const options = { onlyRises: true };
        expect(sorted(coveredTotals(programs, [events], options))).toEqual(
          sorted(
            expectedTotals(programs, events, {
              endMs: ALL_SETTLED_MS,
              ...options,
            }),
          ),
        );
      }),
      { numRuns: 100 },
    );
  });
});

const anyGrace = fc.constantFrom(null, 0, 3_600_000, 86_400_000);

describe('programs of every kind', () => {
  it(
    'grant and take back what a walk from event to event says, where each comes at its own time',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(
          anyProgram,
          anyGrace,
          anyActivity,
          (any, graceMs, activity) => {
            const program = { ...any, graceMs };
            const granter = new GranterInMemory([program]);
            for (const event of activity)
              granter.take([event], event.occurredAtMs);
            granter.at(ALL_SETTLED_MS);
            expect(sorted(netTotals([program], granter, walks))).toEqual(
              sorted(
                walkedTotals([program], activity, { endMs: ALL_SETTLED_MS }),
              ),
            );
          },
        ),
        { numRuns: 200 },
      );
    },
  );
});

describe('programs under caps, dry pools and a grace', () => {
  it('overdraw no pool, and grant no merchant more than its cap', () => {
    fc.assert(
      fc.property(anyTightPrograms, anyActivity, (programs, activity) => {
        const granter = new GranterInMemory(programs);
        for (const event of activity) granter.take([event], event.occurredAtMs);
        granter.at(ALL_SETTLED_MS);
        for (const left of granter.pools.values())
          expect(left).toBeGreaterThanOrEqual(0n);
        const grantedBy = new Map<string, bigint>();
        for (const { version, merchantId, unit, amount } of granter.net()) {
          if (amount < 0n) continue;
          const key = `${version.program} ${merchantId} ${unit}`;
          grantedBy.set(key, (grantedBy.get(key) ?? 0n) + amount);
        }
        for (const { program, caps, progress } of programs)
          for (const cap of caps)
            if (
              cap.period === 'lifetime' &&
              progress === 'carries_over' &&
              programs.filter((one) => one.program === program).length === 1
            )
              for (const [key, granted] of grantedBy)
                if (key.startsWith(`${program} `) && key.endsWith(cap.unit))
                  expect(granted).toBeLessThanOrEqual(cap.amount);
      }),
    );
  });

  it('give the same bytes when they are replayed, and in other batches at one time', () => {
    fc.assert(
      fc.property(
        anyTightPrograms,
        anyActivity,
        anyCuts,
        (programs, activity, cuts) => {
          const run = (batches: readonly ActivityEvent[][]) => {
            const granter = new GranterInMemory(programs);
            for (const batch of batches) granter.take(batch, 0);
            return granter.at(ALL_SETTLED_MS).drafts;
          };
          const once = run([activity]);
          expect(run([activity])).toEqual(once);
          expect(run(cut(activity, cuts))).toEqual(once);
          expect(run(activity.map((event) => [event]))).toEqual(once);
        },
      ),
    );
  });
});
