import type { ActivityEvent } from '@app/contracts';
import fc from 'fast-check';
import {
  endedAfter,
  flagged,
  happened,
  paid,
  refunded,
  started,
  timeMs,
} from '../../test/activity.js';
import { shuffled } from '../../test/any-activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { smallGoal } from '../../test/programs.js';
import type { Program } from '../program.js';
import { ProgramSet } from '../published/program-set.js';

const RULES = { takeBack: { refunds: 'difference', flags: 'difference' } };

const everyOrder = (amount: number) => ({
  metric: 'orders',
  period: 'session',
  channels: ['live'],
  tiers: undefined,
  every: {
    count: 1,
    rewards: [{ unit: 'ANY_IMP', amount, expiresAfterDays: 1 }],
  },
});

/** Every order in a stream while it runs pays 10. */
const PROGRAM = smallGoal(everyOrder(10), RULES);

const at = (time: string) => `2024-11-11T${time}`;
const sold = (orderId: string, time: string, sessionId = 's1') =>
  paid(orderId, at(time), 100, { channel: 'live', sessionId });
const START = started('s1', at('20:00'));
const END = endedAfter('s1', at('20:00'), 2);

function keptAfter(...events: ActivityEvent[]): bigint {
  const granter = new GranterInMemory([PROGRAM]);
  for (const event of events) granter.take([event]);
  return granter.net().reduce((sum, { amount }) => sum + amount, 0n);
}

describe('a goal over a session', () => {
  it('counts what names the stream while that runs', () => {
    expect(
      keptAfter(START, sold('o1', '20:00'), sold('o2', '21:59:59.999'), END),
    ).toBe(20n);
  });

  it('counts nothing of after its end, or of before its start', () => {
    expect(
      keptAfter(
        START,
        sold('o1', '19:59'),
        sold('o2', '21:00'),
        END,
        sold('o3', '22:00'),
      ),
    ).toBe(10n);
  });

  it('takes back what it has paid, where an end or a start comes out of turn', () => {
    expect(keptAfter(START, sold('o1', '21:00'), sold('o2', '22:30'))).toBe(
      20n,
    );
    expect(
      keptAfter(START, sold('o1', '21:00'), sold('o2', '22:30'), END),
    ).toBe(10n);
    expect(keptAfter(sold('o1', '19:00'), sold('o2', '21:00'), START)).toBe(
      10n,
    );
  });

  it('pays what it had left out, where a later end or an earlier start comes to light', () => {
    const longer = endedAfter('s1', at('20:00'), 3);
    const earlier = started('s1', at('19:00'));
    const left = [START, sold('o1', '21:00'), END, sold('o2', '22:30')];
    expect(keptAfter(...left)).toBe(10n);
    expect(keptAfter(...left, longer)).toBe(20n);
    expect(keptAfter(START, sold('o1', '19:30'))).toBe(0n);
    expect(keptAfter(START, sold('o1', '19:30'), earlier)).toBe(10n);
  });

  it('lasts for as long as its end says, where that is told late by a second', () => {
    const end = happened('live.ended', at('21:59:59'), {
      sessionId: 's1',
      durationSeconds: 7_200,
    });
    expect(keptAfter(START, end, sold('o1', '21:59:59.500'))).toBe(10n);
  });

  it('counts by the order of a refund whose stream has ended meanwhile', () => {
    const orders = [sold('o1', '21:00'), sold('o2', '22:30')];
    const refund = (id: string) => refunded(id, at('23:00'), 100);
    expect(keptAfter(START, ...orders, END, refund('o1'))).toBe(0n);
    expect(keptAfter(START, ...orders, END, refund('o2'))).toBe(10n);
  });

  it('counts in other streams and other periods as before', () => {
    expect(keptAfter(START, END, sold('o1', '22:30', 's2'))).toBe(10n);
    const daily = smallGoal({ metric: 'orders', period: 'day' });
    const granter = new GranterInMemory([daily]);
    granter.take([START, END, sold('o1', '22:30')]);
    expect([...granter.values().values()]).toEqual([1n]);
  });

  it('takes nothing in that came too late, or while the program was paused', () => {
    const earlier = started('s1', at('19:00'));
    const left = [sold('o1', '19:30'), sold('o2', '20:30')];
    const paused = new GranterInMemory([PROGRAM]).take([START]);
    paused.set = new ProgramSet([PROGRAM], new Set([PROGRAM.program]));
    paused.take(left);
    paused.programs = [PROGRAM];
    expect(paused.take([earlier]).grants()).toEqual([]);

    const until = `${at('23:00')}:00+08:00`;
    const window = { from: '2024-11-11T00:00:00+08:00', until };
    const graced = smallGoal(everyOrder(10), {
      ...RULES,
      window,
      graceHours: 1,
    });
    const late = new GranterInMemory([graced]).take([START]);
    const clockMs = timeMs('2024-11-12T00:00');
    late.take(left, clockMs);
    expect(late.take([earlier], clockMs).grants()).toEqual([]);
  });

  it('leaves out the same under a flag', () => {
    const orders = [
      sold('o1', '20:30'),
      sold('o2', '21:30'),
      sold('o3', '22:30'),
    ];
    expect(
      keptAfter(START, ...orders, END, flagged('session', 's1', at('21:00'))),
    ).toBe(10n);
  });

  it('comes to the same in whatever order start, end, orders and refunds come', () => {
    const events = [
      started('s1', at('19:30')),
      START,
      END,
      endedAfter('s1', at('20:00'), 3),
      started('s2', at('22:00')),
      endedAfter('s2', at('22:00'), 1),
      ...['19:00', '19:45', '20:30', '22:30', '23:15'].map((time, i) =>
        sold(`o${i}`, time),
      ),
      sold('o7', '21:00', 's2'),
      sold('o8', '22:30', 's2'),
      sold('o8', '22:45', 's1'),
      refunded('o2', at('23:30'), 100),
    ];
    fc.assert(
      fc.property(shuffled(events), (inAnyOrder) => {
        expect(keptAfter(...inAnyOrder)).toBe(30n);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a goal over a session in more than one version', () => {
  const started20 = `${at('20:00')}:00+08:00`;
  const began = smallGoal(everyOrder(10), { ...RULES, startsAt: started20 });
  const later = (goal: object) =>
    smallGoal(goal, {
      ...RULES,
      version: 2,
      startsAt: '2025-11-11T00:00:00+08:00',
    });
  const TAKEN_IN = [
    sold('o1', '20:30'),
    started('s1', at('21:00')),
    started('s1', at('19:00')),
  ];

  it.each<[string, Program[]]>([
    ['in their order', [began, later(everyOrder(1_000))]],
    ['the later one ahead', [later(everyOrder(1_000)), began]],
  ])(
    'pays by the first of them what a start from before it takes in: %s',
    (_, programs) => {
      const granter = new GranterInMemory(programs);
      for (const event of TAKEN_IN) granter.take([event]);
      expect(granter.grants()).toEqual([
        'every: 10 ANY_IMP',
        'daily-orders: -10 ANY_IMP',
        'every: 10 ANY_IMP',
      ]);
    },
  );
});

it('over a session a row says when what it counted last was, whatever of it came later', () => {
  const sales = { metric: 'gmvMinor', channels: ['live'], period: 'session' };
  const granter = new GranterInMemory([smallGoal(sales)]);
  const balance = paid('o1', at('23:00'), 100);
  granter.take([START, sold('o1', '20:10'), sold('o2', '20:05'), balance]);
  const [row] = [...granter.progress.get('m1')!.values()];
  expect(row!.lastMs).toBe(timeMs(at('20:10')));
});
