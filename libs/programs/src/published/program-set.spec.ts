import { timeMs } from '../../test/activity.js';
import { every, ladder } from '../../test/ladders.js';
import { smallProgram } from '../../test/programs.js';
import {
  capPeriodAt,
  closesAtMs,
  periodAt,
  ProgramSet,
  settlesAtMs,
} from './program-set.js';

const window = {
  from: '2024-11-01T00:00:00+08:00',
  until: '2024-11-12T00:00:00+08:00',
};
const NOON = timeMs('2024-11-11T12:00:00');

function goalOf(program = ladder()) {
  return new ProgramSet([program]).held[0]!.goals[0]!;
}

const startsAt = (day: string) => `2024-11-${day}T00:00:00+08:00`;

describe('the versions of a program', () => {
  const first = ladder();
  const second = ladder({ version: 2, startsAt: startsAt('05') });
  const anew = ladder({
    version: 3,
    startsAt: startsAt('10'),
    progress: 'startsAnew',
  });
  const fourth = ladder({ version: 4, startsAt: startsAt('20') });
  const { held } = new ProgramSet([fourth, first, anew, second]);
  const byVersion = held.toSorted(
    (a, b) => a.program.version - b.program.version,
  );

  it('hold one after the other, in whatever order they are given', () => {
    expect(byVersion.map(({ holds }) => holds)).toEqual([
      { fromMs: -Infinity, untilMs: timeMs('2024-11-05T00:00:00') },
      {
        fromMs: timeMs('2024-11-05T00:00:00'),
        untilMs: timeMs('2024-11-10T00:00:00'),
      },
      {
        fromMs: timeMs('2024-11-10T00:00:00'),
        untilMs: timeMs('2024-11-20T00:00:00'),
      },
      { fromMs: timeMs('2024-11-20T00:00:00'), untilMs: Infinity },
    ]);
  });

  it('are found by the time at which they hold', () => {
    const set = new ProgramSet([fourth, first, anew, second]);
    const { program: name } = first;
    expect(set.versionAt(name, timeMs('2024-11-04T23:59:59'))).toBe(first);
    expect(set.versionAt(name, timeMs('2024-11-05T00:00:00'))).toBe(second);
    expect(set.versionAt('other', NOON)).toBeNull();
    expect(new ProgramSet([second]).versionAt(name, 0)).toBeNull();
  });

  it('share their progress up to one that starts anew, which those behind it share', () => {
    expect(byVersion.map(({ lineage }) => lineage)).toEqual([
      'small',
      'small',
      'small@3',
      'small@3',
    ]);
  });

  it('are found by lineage, period, name and time', () => {
    const set = new ProgramSet([first, second]);
    const versionAt = (time: string, period = 'week:2024-11-04') =>
      set.goalAt('small', period, 'sales', timeMs(time))?.held.program.version;
    expect(versionAt('2024-11-04T23:59:59')).toBe(1);
    expect(versionAt('2024-11-05T00:00:00')).toBe(2);
    expect(versionAt('2024-11-05T00:00:00', 'day:2024-11-05')).toBeUndefined();
    expect(set.goalAt('other', 'week:x', 'sales', 0)).toBeUndefined();
  });

  it('share a goal where their progress is one, and their periods are of one kind', () => {
    const set = new ProgramSet([first, ladder({ program: 'other' }), second]);
    const versions = set.goalInAllVersions(set.held[0]!.goals[0]!);
    expect(versions).toEqual([set.held[0]!.goals[0], set.held[2]!.goals[0]]);
    expect(set.goalInAllVersions(versions[1]!)).toBe(versions);
    const daily = new ProgramSet([
      first,
      ladder(
        { version: 2, startsAt: '2024-11-05T00:00:00+08:00' },
        { period: 'day' },
      ),
    ]);
    for (const { goals } of daily.held)
      expect(daily.goalInAllVersions(goals[0]!)).toEqual(goals);
  });
});

describe('a goal', () => {
  it('is found by what it counts, days on air by seconds', () => {
    const days = ladder({}, { metric: 'liveDays', secondsADay: 60 });
    const set = new ProgramSet([days, ladder({ program: 'other' })]);
    expect(set.goalsOf('liveSeconds').map(({ id }) => id)).toEqual([
      'small/sales',
    ]);
    expect(set.goalsOf('orders').map(({ id }) => id)).toEqual(['other/sales']);
    expect(set.goalsOf('clips')).toEqual([]);
  });

  it('counts within the window; over a lifetime what was before it too', () => {
    const untilMs = timeMs('2024-11-12T00:00:00');
    const fromMs = timeMs('2024-11-01T00:00:00');
    expect(goalOf(ladder({ window })).counts).toEqual({ fromMs, untilMs });
    const lifetime = ladder({ window }, { period: 'lifetime' });
    expect(goalOf(lifetime).counts).toEqual({ fromMs: -Infinity, untilMs });
    expect(goalOf().counts).toEqual({ fromMs: -Infinity, untilMs: Infinity });
  });

  it.each([
    ['session', null, null],
    ['session', 's1', ['session:s1', '2024-11-12']],
    ['day', null, ['day:2024-11-11', '2024-11-12']],
    ['week', null, ['week:2024-11-11', '2024-11-12']],
    ['month', null, ['month:2024-11', '2024-11-12']],
    ['window', null, ['window', '2024-11-12']],
    ['lifetime', null, ['lifetime', '2024-11-12']],
  ])(
    'over a %s (%s) has the period %j, which ends with the window at last',
    (period, sessionId, expected) => {
      const goal = goalOf(ladder({ window }, { period }));
      const found = periodAt(goal, { atMs: NOON, sessionId });
      expect(found && [found.key, found.endMs]).toEqual(
        expected && [expected[0], timeMs(`${expected[1]}T00:00:00`)],
      );
    },
  );

  it('over stages has none where no stage is', () => {
    const stages = [
      { stage: 'one', from: window.from, until: startsAt('05') },
      { stage: 'two', from: startsAt('06'), until: window.until },
    ];
    const goal = goalOf(ladder({ window, stages }, { period: 'stage' }));
    const stageAt = (atMs: number) =>
      periodAt(goal, { atMs, sessionId: null })?.key;
    expect(stageAt(timeMs('2024-11-04T23:59:59'))).toBe('stage:one');
    expect(stageAt(timeMs('2024-11-05T00:00:00'))).toBeUndefined();
    expect(stageAt(NOON)).toBe('stage:two');
  });

  it('settles so many days after its period, or never', () => {
    const END = timeMs('2024-11-18T00:00:00');
    const settles = goalOf(every(1, {}, { settlesAfterDays: 3 }));
    expect(settlesAtMs(settles, END)).toBe(timeMs('2024-11-21T00:00:00'));
    expect(settlesAtMs(settles, Infinity)).toBeNull();
    expect(settlesAtMs(goalOf(), END)).toBeNull();
  });

  it('closes by its grace or by settling, whichever is first', () => {
    const closes = (graceHours?: number, settlesAfterDays?: number) =>
      closesAtMs(goalOf(every(1, { graceHours }, { settlesAfterDays })), 0);
    const HOUR_MS = 3_600_000;
    expect(closes()).toBe(Infinity);
    expect(closes(5)).toBe(5 * HOUR_MS);
    expect(closes(undefined, 1)).toBe(24 * HOUR_MS);
    expect(closes(5, 1)).toBe(5 * HOUR_MS);
    expect(closesAtMs(goalOf(every(1, { graceHours: 5 })), Infinity)).toBe(
      Infinity,
    );
  });
});

describe('a lineage', () => {
  it('says whether any version of it has caps, or settles', () => {
    const caps = [{ unit: 'ANY_IMP', amount: 1, period: 'day' }];
    const set = new ProgramSet([
      smallProgram(),
      smallProgram({ version: 2, startsAt: startsAt('05'), caps }),
      every(1, { program: 'slow' }, { settlesAfterDays: 1 }),
    ]);
    expect(['small', 'slow', 'none'].map((name) => set.hasCaps(name))).toEqual([
      true,
      false,
      false,
    ]);
    expect(
      ['small', 'slow', 'none'].map((name) =>
        set.settles(name, 'week:2024-11-11'),
      ),
    ).toEqual([false, true, false]);
  });

  it.each([
    ['day', 'day:2024-11-11'],
    ['week', 'week:2024-11-11'],
    ['month', 'month:2024-11'],
    ['lifetime', 'lifetime'],
  ] as const)('has its caps of %s over %s', (kind, expected) => {
    const [held] = new ProgramSet([ladder({ window })]).held;
    expect(capPeriodAt(held!, kind, NOON).key).toBe(expected);
  });
});
