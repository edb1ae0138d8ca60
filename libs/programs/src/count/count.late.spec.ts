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
  keptFromMs = -Infinity,
): readonly string[] {
  const reference = {
    topic: 't',
    partition: 0,
    offset: '0',
    source: event.source,
    id: event.id,
  };
  const known = { facts: new Map(), subjects: new Map() };
  const state = { ...known, clockMs, keptFromMs };
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

  it('is never late where no grace is named and nothing is forgotten', () => {
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

describe('what is forgotten', () => {
  const DAY_MS = 86_400_000;
  const KEPT_FROM = timeMs('2024-10-01T08:00:00');
  const NOW = timeMs('2026-01-01T00:00:00');
  const lateIn = (
    program: Program,
    event: ActivityEvent,
    { clockMs = NOW, keptFromMs = KEPT_FROM } = {},
  ) => lateFor(program, event, clockMs, keptFromMs).length > 0;
  const orderAt = (time: string) => paid('o1', time, 1);

  it('closes the weeks that began in it, where no grace is named', () => {
    expect(lateIn(every(1), orderAt('2024-09-01T10:00:00'))).toBe(true);
    // Of the week in which the first is that is kept.
    expect(lateIn(every(1), orderAt('2024-10-06T23:59:59'))).toBe(true);
    expect(lateIn(every(1), orderAt('2024-10-07T00:00:00'))).toBe(false);
    expect(lateFor(every(1), orderAt('2024-09-01T10:00:00'), NOW)).toEqual([]);
  });

  it('counts nowhere where it comes late, and neither does its refund', () => {
    const granter = new GranterInMemory([
      every(1, { takeBack: { refunds: 'difference' } }),
    ]);
    granter.keptFromMs = KEPT_FROM;
    granter.take([orderAt('2024-09-25T10:00:00')], NOW);
    granter.take([refunded('o1', '2026-01-01T00:00:01', 1)], NOW + 1_000);
    expect(granter.grants()).toEqual([]);
    expect(granter.values()).toEqual(new Map());
  });

  it('closes with the versions that go on with each other what began in any of them', () => {
    const startsAt = '2024-10-03T00:00:00+08:00';
    const set = new ProgramSet([every(1), every(1, { version: 2, startsAt })]);
    const granter = new GranterInMemory(set.programs);
    granter.keptFromMs = KEPT_FROM;
    granter.take([paid('o1', '2024-10-05T10:00:00', 1)], NOW);
    granter.take([paid('o2', '2024-10-08T10:00:00', 1)], NOW);
    expect(Object.fromEntries(granter.values())).toEqual({
      'm1 week:2024-10-07 sales': 1n,
    });
  });

  it('closes no window that is still open, or to which the grace says when', () => {
    const window = {
      from: '2024-08-01T00:00:00+08:00',
      until: '2026-01-01T00:00:00+08:00',
    };
    const year = every(1, { window }, { period: 'window' });
    const old = orderAt('2024-09-01T10:00:00');
    expect(lateIn(year, old, { clockMs: NOW - 1 })).toBe(false);
    expect(lateIn(year, old)).toBe(true);
    const patient = every(1, { window, graceHours: 24 }, { period: 'window' });
    expect(lateIn(patient, old)).toBe(false);
    expect(lateIn(patient, old, { clockMs: NOW + DAY_MS })).toBe(true);
  });

  it('closes the sessions in which a stream may have begun that went on for a month', () => {
    const live = every(1, {}, { period: 'session', channels: ['live'] });
    const inSession = (time: string) =>
      paid('o1', time, 1, { channel: 'live', sessionId: 's1' });
    expect(lateIn(live, inSession('2024-11-01T07:59:59'))).toBe(true);
    expect(lateIn(live, inSession('2024-11-01T08:00:00'))).toBe(false);
  });

  it('closes no lifetime, and is known of firsts', () => {
    const begun = started('s1', '2024-09-01T10:00:00');
    const first = { period: 'lifetime', metric: 'firstStream' };
    expect(lateIn(every(1, {}, first), begun)).toBe(false);
    expect(lateIn(every(1, {}, { ...first, period: 'week' }), begun)).toBe(
      true,
    );
    const ever = every(1, {}, { period: 'lifetime' });
    expect(lateIn(ever, orderAt('2024-09-01T10:00:00'))).toBe(false);
  });
});

describe('a session without a window', () => {
  it('is over a month after what happened in it, by which its grace begins', () => {
    const live = every(
      1,
      { graceHours: 24 },
      { period: 'session', channels: ['live'] },
    );
    const order = paid('o1', '2024-11-11T10:00:00', 1, {
      channel: 'live',
      sessionId: 's1',
    });
    const closes = timeMs('2024-12-13T10:00:00');
    expect(lateFor(live, order, closes - 1)).toEqual([]);
    expect(lateFor(live, order, closes)).toEqual(['small/sales']);
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
