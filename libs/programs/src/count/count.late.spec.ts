import type { ActivityEvent } from '@app/contracts';
import {
  endedAfter,
  paid,
  refunded,
  started,
  stream,
  timeMs,
} from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { every, ladder, reward } from '../../test/ladders.js';
import { countEvents } from './count.js';
import type { Program } from '../program.js';
import { ProgramSet } from '../published/program-set.js';

const ORDER = paid('o1', '2024-11-11T10:00:00', 1);
/** A day after the week of {@link ORDER}. */
const CLOSES = '2024-11-19T00:00:00';
const ENDED = timeMs(CLOSES);

function lateFor(
  program: Program,
  event: ActivityEvent,
  clockMs: number,
): readonly string[] {
  const reference = {
    topic: 't',
    partition: 0,
    offset: '0',
    source: event.source,
    id: event.id,
  };
  const state = { facts: new Map(), subjects: new Map(), clockMs };
  const { events } = countEvents(new ProgramSet([program]), state, [
    { event, reference },
  ]);
  return events[0]!.lateFor;
}

describe('an event after its period', () => {
  const program = every(1, { graceHours: 24 });

  it('counts within the grace, and is late from its end on', () => {
    expect(lateFor(program, ORDER, ENDED - 1)).toEqual([]);
    expect(lateFor(program, ORDER, ENDED)).toEqual(['small/sales']);
  });

  it('is never late where no grace is named', () => {
    expect(lateFor(every(1), ORDER, timeMs('2034-01-01T00:00:00'))).toEqual([]);
  });

  it('is late after the grace of the window, where the window ends first', () => {
    const window = {
      from: '2024-11-11T00:00:00+08:00',
      until: '2024-11-12T00:00:00+08:00',
    };
    const festival = every(1, { graceHours: 24, window });
    const closes = timeMs('2024-11-13T00:00:00');
    expect(lateFor(festival, ORDER, closes - 1)).toEqual([]);
    expect(lateFor(festival, ORDER, closes)).toEqual(['small/sales']);
  });

  it('is late where the goal has settled, within the grace or without one', () => {
    const settles = every(1, {}, { settlesAfterDays: 1 });
    expect(lateFor(settles, ORDER, ENDED - 1)).toEqual([]);
    expect(lateFor(settles, ORDER, ENDED)).toEqual(['small/sales']);
  });

  it('pays where it counts, and pays nothing where it is late', () => {
    const pays = (clockMs: number) =>
      new GranterInMemory([program]).take([ORDER], clockMs).grants();
    expect(pays(ENDED - 1)).toEqual(['every: 10 ANY_IMP']);
    expect(pays(ENDED)).toEqual([]);
  });

  it('that is late is as if it had not come, also for what comes after it', () => {
    const granter = new GranterInMemory([program]);
    const other = paid('o2', '2024-11-11T12:00:00', 1);
    granter.take([other], timeMs('2024-11-12T00:00:00'));
    granter.take([ORDER], ENDED);
    granter.take([refunded('o1', '2024-11-20T10:00:00', 1)], ENDED + 1);
    expect(Object.fromEntries(granter.values())).toEqual({
      'm1 week:2024-11-11 sales': 1n,
    });
  });

  it('that tells of a stream over midnight counts whole while the last day of it is open', () => {
    const onAir = { goal: 'air', metric: 'liveSeconds', period: 'day' };
    const hour = [{ tier: 'hour', at: 3_600, rewards: [reward(100)] }];
    const goal = { ...onAir, tiers: hour };
    const [begun, ended] = stream('s1', '2024-11-11T22:00:00', 8);
    const heardOf = (program: Program, clockMs: number) =>
      new GranterInMemory([program])
        .take([begun!], begun!.occurredAtMs)
        .take([ended!], clockMs);
    const patient = ladder({ graceHours: 1 }, goal);
    const inTime = heardOf(patient, ended!.occurredAtMs);
    expect(Object.fromEntries(inTime.values())).toEqual({
      'm1 day:2024-11-11 air': 7_200n,
      'm1 day:2024-11-12 air': 21_600n,
    });
    expect(inTime.grants()).toEqual(['hour: 100 ANY_IMP', 'hour: 100 ANY_IMP']);
    const tooLate = heardOf(patient, timeMs('2024-11-13T01:00:00'));
    expect(tooLate.grants()).toEqual([]);
  });

  it('that tells of a stream from a settled day on counts, and is paid for the days to be settled', () => {
    const goal = {
      goal: 'air',
      metric: 'liveSeconds',
      period: 'day',
      settlesAfterDays: 0,
    };
    const [begun, ended] = stream('s1', '2024-11-11T22:00:00', 8);
    const morning = [
      started('s0', '2024-11-11T08:00:00'),
      endedAfter('s0', '2024-11-11T08:00:00', 1),
    ];
    const settling = every(3_600, {}, goal);
    const granter = new GranterInMemory([settling])
      .take([...morning, begun!], begun!.occurredAtMs)
      .at(timeMs('2024-11-12T00:00:00'))
      .take([ended!], ended!.occurredAtMs)
      .at(timeMs('2024-11-13T00:00:00'));
    expect(granter.grants()).toEqual([
      'every: 10 ANY_IMP',
      'every: 60 ANY_IMP',
    ]);
  });

  it('is late for one program and counts in another', () => {
    const patient = every(1, { program: 'patient' });
    const granter = new GranterInMemory([program, patient]);
    granter.take([ORDER], ENDED);
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { program: 'patient' },
    ]);
  });

  it('that lowers a metric counts always', () => {
    const strict = every(1, {
      graceHours: 0,
      takeBack: { refunds: 'difference' },
    });
    const granter = new GranterInMemory([strict]).take(
      [ORDER],
      ORDER.occurredAtMs,
    );
    const back = refunded('o1', '2025-06-01T10:00:00', 1);
    granter.take([back], back.occurredAtMs);
    expect(granter.grants()).toEqual([
      'every: 10 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
  });
});

describe('events out of order', () => {
  const events = [
    paid('o1', '2024-11-11T10:00:00', 1),
    paid('o2', '2024-11-12T10:00:00', 1),
    paid('o3', '2024-11-13T10:00:00', 1),
    refunded('o2', '2024-11-14T10:00:00', 1),
  ];

  it('lead to what they would have led to in order, where the difference is taken back', () => {
    const program = ladder({ takeBack: { refunds: 'difference' } });
    const net = (ordered: readonly ActivityEvent[]) =>
      new GranterInMemory([program])
        .take(ordered)
        .net()
        .reduce((sum, { amount }) => sum + amount, 0n);
    expect(net(events)).toBe(100n);
    expect(net(events.toReversed())).toBe(100n);
  });

  it('with the refund first never reach the tier', () => {
    const [first, second, third, back] = events;
    const program = ladder();
    expect(grantsOf(program, [back!, first!, third!, second!])).toEqual([
      'first: 100 ANY_IMP',
    ]);
  });
});
