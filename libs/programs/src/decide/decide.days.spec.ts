import type { ActivityEvent } from '@app/contracts';
import { happened, started, stream } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { every, ladder, reward } from '../../test/ladders.js';

const HOUR = 3_600n;

function secondsByDay(timeZone: string, events: readonly ActivityEvent[]) {
  const goal = { metric: 'liveSeconds', period: 'day' };
  const granter = new GranterInMemory([every(3_600, { timeZone }, goal)]);
  const values = granter.take(events).values();
  return Object.fromEntries(
    Array.from(values, ([name, seconds]) => [
      name.slice('m1 day:'.length, -' sales'.length),
      seconds,
    ]),
  );
}

describe('a stream', () => {
  it('over midnight is divided there, where the program is', () => {
    const live = stream('s1', '2024-11-11T22:30:00', 4);
    expect(secondsByDay('Asia/Shanghai', live)).toEqual({
      '2024-11-11': 5_400n,
      '2024-11-12': 9_000n,
    });
    expect(secondsByDay('Europe/Berlin', live)).toEqual({
      '2024-11-11': 14_400n,
    });
  });

  it('fills 25 hours where clocks go back, and 23 where they go forward', () => {
    const back = stream('s1', '2024-10-26T12:00:00+02:00', 60);
    expect(secondsByDay('Europe/Berlin', back)).toEqual({
      '2024-10-26': 12n * HOUR,
      '2024-10-27': 25n * HOUR,
      '2024-10-28': 23n * HOUR,
    });
    const forward = stream('s1', '2024-03-30T12:00:00+01:00', 60);
    expect(secondsByDay('Europe/Berlin', forward)).toEqual({
      '2024-03-30': 12n * HOUR,
      '2024-03-31': 23n * HOUR,
      '2024-04-01': 24n * HOUR,
      '2024-04-02': HOUR,
    });
  });

  it('pays each of its days what the day deserves', () => {
    const goal = { metric: 'liveSeconds', period: 'day' };
    const program = every(3_600, { timeZone: 'Europe/Berlin' }, goal);
    const back = stream('s1', '2024-10-26T12:00:00+02:00', 60);
    expect(grantsOf(program, back)).toEqual([
      'every: 120 ANY_IMP',
      'every: 250 ANY_IMP',
      'every: 230 ANY_IMP',
    ]);
  });

  it('begins where it started, also where its start is told after its end', () => {
    const ended = happened('live.ended', '2024-11-11T23:00:00', {
      sessionId: 's1',
      durationSeconds: 3_600,
    });
    const late = started('s1', '2024-11-12T00:30:00');
    expect(secondsByDay('Asia/Shanghai', [ended])).toEqual({
      '2024-11-11': HOUR,
    });
    expect(secondsByDay('Asia/Shanghai', [ended, late])).toEqual({
      '2024-11-11': 0n,
      '2024-11-12': HOUR,
    });
    expect(secondsByDay('Asia/Shanghai', [late, ended])).toEqual({
      '2024-11-12': HOUR,
    });
  });

  it('counts 31 days at most', () => {
    const endless = happened('live.ended', '2024-12-31T00:00:00', {
      sessionId: 's1',
      durationSeconds: 400 * 86_400,
    });
    const days = secondsByDay('Asia/Shanghai', [endless]);
    expect(Object.keys(days)).toHaveLength(31);
    expect(days['2024-11-30']).toBe(24n * HOUR);
    expect(days['2024-11-29']).toBeUndefined();
  });

  it('counts nothing while its end is not known', () => {
    expect(
      secondsByDay('Asia/Shanghai', [started('s1', '2024-11-11T10:00:00')]),
    ).toEqual({});
  });
});

describe('a streak', () => {
  const days = ['2024-11-29', '2024-11-30', '2024-12-01'].flatMap((day) =>
    stream(`live of ${day}`, `${day}T10:00:00`, 1),
  );
  const tiers = [
    { tier: 'two', at: 2, rewards: [reward(200)] },
    { tier: 'three', at: 3, rewards: [reward(300)] },
  ];
  const over = (period: string) =>
    ladder({}, { metric: 'liveDayStreak', secondsADay: 3_600, period, tiers });

  it('goes on over the turn of a month within a week', () => {
    expect(grantsOf(over('week'), days)).toEqual([
      'two: 200 ANY_IMP',
      'three: 300 ANY_IMP',
    ]);
  });

  it('begins again with the month where it counts by the month', () => {
    expect(grantsOf(over('month'), days)).toEqual(['two: 200 ANY_IMP']);
  });

  it('is joined by the day between two, whenever that is heard of', () => {
    const [a, b, c] = [days.slice(0, 2), days.slice(2, 4), days.slice(4)];
    expect(grantsOf(over('week'), [...a, ...c])).toEqual([]);
    expect(grantsOf(over('week'), [...a, ...c, ...b])).toEqual([
      'two: 200 ANY_IMP',
      'three: 300 ANY_IMP',
    ]);
  });
});
