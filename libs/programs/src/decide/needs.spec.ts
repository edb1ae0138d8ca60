import fc from 'fast-check';
import { anyActivity, shuffled } from '../../test/any-activity.js';
import { ALL_SETTLED_MS, anyTightPrograms } from '../../test/any-programs.js';
import { anyTimeMs } from '../../test/any-time.js';
import {
  flagged,
  happened,
  paid,
  registered,
  started,
} from '../../test/activity.js';
import { anyCuts, cut } from '../../test/arbitraries.js';
import { SparingGranter } from '../../test/sparing-granter.js';
import { ORDER_LADDER, shippedProgram } from '../../test/programs.js';
import { ProgramSet } from '../published/program-set.js';
import { subjectsNeeded } from './needs.js';
import { isRecounted } from './recounts-needed.js';
import { rowKey } from '../progress.js';

const anyCase = fc.record({
  programs: anyTightPrograms,
  events: anyActivity.chain((events) => shuffled(events)),
  cuts: anyCuts,
  clocks: fc.array(anyTimeMs, { minLength: 13, maxLength: 13 }),
});

describe('what a batch says that it needs', () => {
  it(
    'is all that deciding on it reads and changes, whatever programs and events there are',
    { timeout: 60_000 },
    () => {
      let changed = 0;
      fc.assert(
        fc.property(anyCase, ({ programs, events, cuts, clocks }) => {
          const granter = new SparingGranter(programs);
          const times = clocks.toSorted((a, b) => a - b);
          const batches = [...cut(events, cuts), []];
          batches.forEach((batch, i) => {
            const isLast = i === batches.length - 1;
            const clockMs = isLast ? ALL_SETTLED_MS : times[i]!;
            const { withAll, sparing, needed } = granter.take(batch, clockMs);
            expect(sparing).toEqual(withAll);
            const rows = new Set(needed.rows.map(nameOf));
            for (const { address } of withAll.progress) {
              changed++;
              if (!needed.merchants.has(address.merchantId))
                expect(rows).toContain(nameOf(address));
            }
          });
        }),
        { numRuns: 150 },
      );
      expect(changed).toBeGreaterThan(1_000);
    },
  );
});

const ON_AIR = new ProgramSet([shippedProgram('fuyao-plan')]);

describe('the subjects that a batch needs', () => {
  const time = '2024-11-11T10:00:00';

  it('are those that its events are about, each once', () => {
    expect(
      subjectsNeeded(ON_AIR, [
        paid('o1', time, 1),
        paid('o1', '2024-11-12T10:00:00', 1),
        paid('o1', time, 1, { merchantId: 'm2' }),
        flagged('order', 'o2', time),
        started('s1', time),
        registered(time),
        flagged('merchant', 'm1', time),
      ]),
    ).toEqual([
      { merchantId: 'm1', about: 'order:o1' },
      { merchantId: 'm2', about: 'order:o1' },
      { merchantId: 'm1', about: 'order:o2' },
      { merchantId: 'm1', about: 'session:s1' },
    ]);
  });

  it('are the streams that they name, too, where any goal counts only while those run', () => {
    const events = [
      paid('o1', time, 1, { sessionId: 's1' }),
      happened('follower.gained', time, {
        count: 3,
        channel: 'live',
        sessionId: 's2',
      }),
    ];
    const order = { merchantId: 'm1', about: 'order:o1' };
    expect(subjectsNeeded(ON_AIR, events)).toEqual([
      order,
      { merchantId: 'm1', about: 'session:s1' },
      { merchantId: 'm1', about: 'session:s2' },
    ]);
    expect(subjectsNeeded(new ProgramSet([ORDER_LADDER]), events)).toEqual([
      order,
    ]);
  });
});

describe('what a merchant did', () => {
  it.each([
    ['order', false],
    ['session', true],
    ['merchant', true],
  ] as const)('is counted anew after a flag on %s: %s', (kind, expected) => {
    const flag = flagged(kind, 'x', '2024-11-11T10:00:00');
    expect(isRecounted(flag)).toBe(expected);
  });

  it('is not counted anew after anything else', () => {
    expect(isRecounted(paid('o1', '2024-11-11T10:00:00', 1))).toBe(false);
  });
});

function nameOf(address: {
  merchantId: string;
  program: string;
  period: string;
}): string {
  return `${address.merchantId}\n${rowKey(address)}`;
}
