import fc from 'fast-check';
import { METRICS, PERIOD_KINDS } from '../../src/program.js';
import { anyActivity, shuffled } from '../any-activity.js';
import { ALL_SETTLED_MS, anyPrograms } from '../any-programs.js';
import { covers } from './covers.js';
import { expectedTotals } from './expected-totals.js';

const end = { endMs: ALL_SETTLED_MS };

describe('the oracle, of any programs and activity', () => {
  it('expects the same in whatever order events come', () => {
    fc.assert(
      fc.property(
        anyPrograms,
        anyActivity.chain((events) =>
          fc.tuple(fc.constant(events), shuffled(events)),
        ),
        (programs, [events, otherwise]) => {
          expect(expectedTotals(programs, otherwise, end)).toEqual(
            expectedTotals(programs, events, end),
          );
        },
      ),
    );
  });

  it('has something to say about every metric, period and payout', () => {
    const sample = { numRuns: 250, seed: 1 };
    const activities = fc.sample(anyActivity, sample);
    const paid = new Set<string>();
    fc.sample(anyPrograms, sample).forEach((programs, i) => {
      const totals = expectedTotals(programs, activities[i]!, end);
      const goals = programs.flatMap((program) =>
        program.goals
          .filter((goal) => covers(programs, program, goal))
          .map((goal) => ({
            ...goal,
            lineage: `${program.program}@${program.version}`,
          })),
      );
      for (const key of totals.keys()) {
        const [, lineage, name] = key.split(' ');
        const goal = goals.find(
          (other) => other.lineage === lineage && other.goal === name,
        )!;
        paid.add(goal.metric).add(goal.period).add(goal.payout.kind);
        paid.add(goal.settlesAfterMs === null ? 'at once' : 'settled');
      }
    });
    const payouts = ['tiers', 'highest_tier', 'every', 'rate'];
    expect(paid).toEqual(
      new Set([...METRICS, ...PERIOD_KINDS, ...payouts, 'at once', 'settled']),
    );
  });
});
