import type { ActivityEvent } from '@app/contracts';
import fc from 'fast-check';
import { anyActivity, shuffled } from '../../test/any-activity.js';
import { ALL_SETTLED_MS, anyTightPrograms } from '../../test/any-programs.js';
import { anyTimeMs } from '../../test/any-time.js';
import {
  endedAfter,
  flagged,
  happened,
  paid,
  refunded,
  registered,
  started,
  timeMs,
} from '../../test/activity.js';
import { anyCuts, cut } from '../../test/arbitraries.js';
import { SparingGranter } from '../../test/sparing-granter.js';
import {
  ORDER_LADDER,
  shippedProgram,
  smallProgram,
} from '../../test/programs.js';
import { GranterInMemory } from '../dry-run/granter-in-memory.js';
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

const LIVE = smallProgram({
  goals: [
    { ...everyOne('orders'), channels: ['live'] },
    everyOne('liveSeconds'),
    everyOne('firstStream'),
  ],
  takeBack: { refunds: 'difference', flags: 'difference' },
});

/** Two streams that start and end at any of some times, however often, and orders that name them at any of these. */
const anyStreams = fc.array(
  fc.oneof(
    anyHappening((sessionId, time) => started(sessionId, time)),
    anyHappening((sessionId, time, number) =>
      happened('live.ended', time, {
        sessionId,
        durationSeconds: number * 900,
      }),
    ),
    anyHappening((sessionId, time, number) =>
      paid(`o${number}`, time, 1, { channel: 'live', sessionId }),
    ),
    anyHappening((_, time, number) => refunded(`o${number}`, time, 1)),
  ),
  { minLength: 1, maxLength: 20 },
);

describe('the starts and ends of streams over which a batch counts anew', () => {
  const at = (time: string) => `2024-11-11T${time}`;
  const sold = (orderId: string, time: string) =>
    paid(orderId, at(time), 1, { channel: 'live', sessionId: 's1' });

  it('are found ahead of deciding, whatever they say and in whatever batches they come', () => {
    fc.assert(
      fc.property(anyStreams, anyCuts, (events, cuts) => {
        const granter = new SparingGranter([LIVE]);
        for (const batch of cut(events, cuts)) {
          const { withAll, sparing } = granter.take(batch, 0);
          expect(sparing).toEqual(withAll);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are also those that follow one which took something in', () => {
    const granter = new SparingGranter([LIVE]);
    granter.take([started('s1', at('20:00')), sold('o1', '19:30')], 0);
    const end = { sessionId: 's1', durationSeconds: 60 };
    const { withAll } = granter.take(
      [started('s1', at('19:00')), happened('live.ended', at('19:20'), end)],
      0,
    );
    const orders = withAll.progress[0]!.goals.find(
      ({ goal }) => goal === 'orders',
    );
    expect(orders).toMatchObject({ value: 0 });
  });

  it('are none where events come by their time, also beside goals over seconds on air', () => {
    const granter = new GranterInMemory(new ProgramSet([LIVE]), {
      remembers: () => false,
    });
    const events = [
      started('s1', at('20:00')),
      sold('o1', '20:30'),
      endedAfter('s1', at('20:00'), 2),
      sold('o2', '22:30'),
    ];
    const take = () =>
      granter.run(
        events.map((event) => ({
          event,
          reference: {
            topic: '',
            partition: 0,
            offset: '',
            source: '',
            id: event.id,
          },
        })),
      );
    expect(take).not.toThrow();
  });
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

function everyOne(metric: string) {
  return {
    goal: metric.toLowerCase(),
    metric,
    period: 'session',
    every: {
      count: 1,
      rewards: [{ unit: 'ANY_IMP', amount: 1, expiresAfterDays: 1 }],
    },
  };
}

function anyHappening(
  make: (sessionId: string, time: string, number: number) => ActivityEvent,
): fc.Arbitrary<ActivityEvent> {
  return fc
    .tuple(
      fc.constantFrom('s1', 's2'),
      fc.integer({ min: 0, max: 16 }),
      fc.integer({ min: 0, max: 8 }),
    )
    .map(([sessionId, quarters, number]) => {
      const atMs = timeMs('2024-11-11T18:00') + quarters * 900_000;
      return make(sessionId, new Date(atMs).toISOString(), number);
    });
}

function nameOf(address: {
  merchantId: string;
  program: string;
  period: string;
}): string {
  return `${address.merchantId}\n${rowKey(address)}`;
}
