import type { ActivityEvent } from '@app/contracts';
import type { Goal, Program, TakeBack } from '../../src/program.js';
import { timeMs } from '../activity.js';
import {
  DAY_MS,
  example,
  flagged,
  happened,
  paid,
  refunded,
  span,
  stream,
  TWO_TIERS,
} from './examples.js';
import { walkedTotals, walks } from './walked-totals.js';

const THREE = [1, 2, 3].map((i) => paid(`o${i}`, `2024-11-11T1${i}:00:00`, 1));
const BACK = refunded('o3', '2024-11-12T10:00:00', 1);
const AGAIN = paid('o4', '2024-11-11T23:00:00', 1);

/** By period, in `ANY_IMP`. */
function walked(
  events: readonly ActivityEvent[],
  goal: Partial<Goal> = {},
  changes: Partial<Program> = {},
) {
  const payout = { kind: 'tiers', tiers: TWO_TIERS } as const;
  const program = example({ period: 'week', payout, ...goal }, changes);
  const found = walkedTotals([program], events, {
    endMs: timeMs('2025-12-31T00:00:00'),
  });
  return Object.fromEntries(
    Array.from(found, ([key, total]) => [key.split(' ')[3], Number(total)]),
  );
}

const week = (total: number) => ({ 'week:2024-11-11': total });
const refunds = (rule: TakeBack): Partial<Program> => ({
  takeBack: { refunds: rule, flags: 'never', flaggedFrom: 'flag' },
});

describe('a walk from event to event', () => {
  it('pays the highest that was reached, and follows the rule where it falls', () => {
    expect(walked([...THREE, BACK], {}, refunds('never'))).toEqual(week(1_100));
    expect(walked([...THREE, BACK], {}, refunds('difference'))).toEqual(
      week(100),
    );
    expect(walked([...THREE, BACK], {}, refunds('all'))).toEqual({});
  });

  it('pays again what was taken back by difference, and nothing once it is closed', () => {
    const later = { ...AGAIN, occurredAtMs: timeMs('2024-11-13T10:00:00') };
    const events = [...THREE, BACK, later];
    expect(walked(events, {}, refunds('difference'))).toEqual(week(1_100));
    expect(walked(events, {}, refunds('all'))).toEqual({});
  });

  it('settles with what is known by then', () => {
    const settles = { settlesAfterMs: 0 };
    const late = refunded('o3', '2024-11-18T00:00:00', 1);
    expect(walked([...THREE, BACK], settles, refunds('never'))).toEqual(
      week(100),
    );
    expect(walked([...THREE, late], settles, refunds('never'))).toEqual(
      week(1_100),
    );
  });

  it('leaves out what comes too late for the period that it belongs to', () => {
    const late = stream('s1', '2024-11-17T20:00:00', 3);
    const [begun, ended] = late;
    const heardOf = { ...ended!, occurredAtMs: timeMs('2024-11-18T02:00:00') };
    const goal = { metric: 'liveSeconds' } as const;
    expect(walked(late, goal, { graceMs: 3_600_000 })).toEqual(week(1_100));
    expect(walked([begun!, heardOf], goal, { graceMs: 3 * 3_600_000 })).toEqual(
      week(1_100),
    );
    expect(walked([begun!, heardOf], goal, { graceMs: 3_600_000 })).toEqual({});
  });

  it('leaves out what comes later than a month and the grace after the sale in a session', () => {
    const goal = { period: 'session', metric: 'gmvMinor' } as const;
    const inSession = { channel: 'live', sessionId: 's1' } as const;
    const deposit = paid('o1', '2024-11-01T00:00:00', 1, inSession);
    const balanceAt = (time: string) => paid('o1', time, 2, inSession);
    const inTime = [deposit, balanceAt('2024-12-02T23:59:59')];
    const late = [deposit, balanceAt('2024-12-03T00:00:00')];
    const session = (total: number) => ({ 'session:s1': total });
    expect(walked(inTime, goal, { graceMs: DAY_MS })).toEqual(session(1_100));
    expect(walked(late, goal, { graceMs: DAY_MS })).toEqual(session(100));
    expect(walked(late, goal)).toEqual(session(1_100));
  });

  it('counts a stream whole while the last period that it reaches into is open', () => {
    const overMidnight = stream('s1', '2024-11-17T22:00:00', 4);
    const goal = { metric: 'liveSeconds' } as const;
    const both = { ...week(1_100), 'week:2024-11-18': 1_100 };
    expect(walked(overMidnight, goal, { graceMs: 3 * 3_600_000 })).toEqual(
      both,
    );
    expect(walked(overMidnight, goal, { graceMs: 3_600_000 })).toEqual(both);
    const settles = { ...goal, settlesAfterMs: 0 };
    expect(walked(overMidnight, settles, {})).toEqual(both);
    const morning = stream('s0', '2024-11-17T08:00:00', 1);
    const next = stream('s2', '2024-11-18T08:00:00', 1);
    expect(walked([...morning, ...overMidnight, ...next], settles, {})).toEqual(
      both,
    );
  });

  it('pays whoever is eligible at the moment', () => {
    const registered = happened('merchant.registered', '2024-11-11T13:30:00', {
      category: 'food',
      followers: 0,
    });
    const eligible = {
      expression: 'merchant.daysSinceRegistration < 1',
      holds: (
        { registeredAtMs }: { registeredAtMs: number | null },
        atMs: number,
      ) => registeredAtMs !== null && atMs - registeredAtMs < DAY_MS,
    };
    expect(walked([...THREE, registered], {}, { eligible })).toEqual(
      week(1_100),
    );
    const [first, second, third] = THREE;
    const tooLate = { ...third!, occurredAtMs: timeMs('2024-11-13T00:00:00') };
    expect(
      walked([first!, second!, registered, tooLate], {}, { eligible }),
    ).toEqual(week(100));
  });

  it('takes everything of a merchant who is flagged, under all', () => {
    const takeBack = {
      refunds: 'never',
      flags: 'all',
      flaggedFrom: 'flag',
    } as const;
    const flag = flagged('merchant', 'm1', '2024-11-30T00:00:00');
    expect(walked([...THREE, flag], {}, { takeBack })).toEqual({});
  });

  it('does not know what streams are paid over a lifetime in a window', () => {
    const window = span('2024-11-01T00:00:00', '2024-12-01T00:00:00');
    const knows = (goal: Partial<Goal>, changes: Partial<Program>) => {
      const program = example(goal, changes);
      return walks(program, program.goals[0]!);
    };
    const lifetime = { metric: 'liveSeconds', period: 'lifetime' } as const;
    expect(knows(lifetime, { window })).toBe(false);
    expect(knows(lifetime, {})).toBe(true);
    expect(knows({ ...lifetime, metric: 'orders' }, { window })).toBe(true);
  });
});
