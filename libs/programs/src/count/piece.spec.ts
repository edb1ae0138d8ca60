import fc from 'fast-check';
import { timeMs } from '../../test/activity.js';
import { anyTimeMs } from '../../test/any-time.js';
import { every, ladder } from '../../test/ladders.js';
import type { Contribution } from './contribution.js';
import { UNKNOWN_MERCHANT, type MerchantFacts } from './merchant-facts.js';
import { addPieces, type Piece } from './piece.js';
import type { Program } from '../program.js';
import { ProgramSet } from '../published/program-set.js';

const MONDAY = timeMs('2024-11-11T10:00:00');

const order = (changes: Partial<Contribution> = {}): Contribution => ({
  metric: 'orders',
  amount: 1,
  atMs: MONDAY,
  channel: 'shelf',
  sessionId: null,
  ...changes,
});

function onAir(fromMs: number, untilMs: number): Contribution {
  const amount = Math.floor((untilMs - fromMs) / 1_000);
  const none = { channel: null, sessionId: 's1' };
  return { metric: 'liveSeconds', amount, atMs: fromMs, untilMs, ...none };
}

const NO_SESSIONS = { session: () => undefined };

function pieces(
  program: Program,
  change: { went?: Contribution[]; came?: Contribution[] },
  facts: MerchantFacts = UNKNOWN_MERCHANT,
) {
  const [goal] = new ProgramSet([program]).held[0]!.goals;
  const ofGoal = (all: Contribution[] = []) =>
    all.filter(({ metric }) => metric === goal!.counted);
  const added: Piece[] = [];
  const [gone = null] = ofGoal(change.went);
  const [come = null] = ofGoal(change.came);
  addPieces(added, goal!, facts, NO_SESSIONS, gone, come);
  return added.map(({ goal: of, ...piece }) => {
    expect(of).toBe(goal);
    return piece;
  });
}

describe('what a change comes to', () => {
  it('is one piece in its period', () => {
    expect(pieces(ladder(), { came: [order()] })).toEqual([
      {
        period: {
          key: 'week:2024-11-11',
          endMs: timeMs('2024-11-18T00:00:00'),
          rowKey: 'small\nweek:2024-11-11',
        },
        amount: 1,
        day: null,
        isOpen: true,
        atMs: null,
      },
    ]);
  });

  it('is nothing where as much went as came', () => {
    const later = order({ atMs: MONDAY + 1 });
    expect(pieces(ladder(), { went: [order()], came: [later] })).toEqual([]);
  });

  it('is a piece in each of two periods where it moves', () => {
    const sunday = order({ atMs: timeMs('2024-11-10T10:00:00') });
    expect(
      pieces(ladder(), { went: [order()], came: [sunday] }).map(
        ({ period, amount }) => [period.key, amount],
      ),
    ).toEqual([
      ['week:2024-11-11', -1],
      ['week:2024-11-04', 1],
    ]);
  });

  it('is nothing for other metrics, channels and sessions', () => {
    const live = ladder({}, { channels: ['live'] });
    const session = ladder(
      {
        window: {
          from: '2024-11-01T00:00:00+08:00',
          until: '2024-12-01T00:00:00+08:00',
        },
      },
      { period: 'session' },
    );
    expect(pieces(live, { came: [order()] })).toEqual([]);
    expect(pieces(live, { came: [order({ channel: 'live' })] })).toHaveLength(
      1,
    );
    expect(pieces(live, { came: [order({ metric: 'gmvMinor' })] })).toEqual([]);
    expect(pieces(session, { came: [order()] })).toEqual([]);
    expect(
      pieces(session, { came: [order({ sessionId: 's1' })] })[0]?.period.key,
    ).toBe('session:s1');
  });
});

describe('a stream', () => {
  it('comes to a piece of each day, with the seconds of it', () => {
    const days = ladder({}, { metric: 'liveDays', secondsADay: 60 });
    const live = onAir(
      timeMs('2024-11-10T23:00:00'),
      timeMs('2024-11-11T02:00:00'),
    );
    expect(
      pieces(days, { came: [live] }).map(({ period, amount, day }) => [
        period.key,
        amount,
        day,
      ]),
    ).toEqual([
      ['week:2024-11-04', 3_600, 20_037],
      ['week:2024-11-11', 7_200, 20_038],
    ]);
  });

  const daily = every(1, {}, { metric: 'liveSeconds', period: 'day' });

  it('is as long in pieces as in whole seconds as a whole, wherever it is cut', () => {
    fc.assert(
      fc.property(
        anyTimeMs,
        fc.nat({ max: 999 }),
        fc.nat({ max: 200 * 3_600_000 }),
        fc.constantFrom('Asia/Shanghai', 'Europe/Berlin'),
        (startMs, ms, lengthMs, timeZone) => {
          const fromMs = startMs + ms;
          const untilMs = fromMs + lengthMs;
          const parts = pieces(
            { ...daily, timeZone },
            { came: [onAir(fromMs, untilMs)] },
          );
          const sum = parts.reduce(
            (all, { amount }) => all + Number(amount),
            0,
          );
          expect(sum).toBe(
            Math.floor(untilMs / 1_000) - Math.floor(fromMs / 1_000),
          );
          for (const { amount } of parts) expect(amount).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('that comes and goes leaves nothing', () => {
    const live = onAir(MONDAY, MONDAY + 100 * 3_600_000);
    expect(pieces(daily, { went: [live], came: [live] })).toEqual([]);
  });
});

describe('a flag', () => {
  const facts = {
    ...UNKNOWN_MERCHANT,
    flaggedSessions: new Map([['s1', MONDAY]]),
  };
  const from = (flaggedFrom: string) => ladder({ takeBack: { flaggedFrom } });
  const inSession = (atMs: number) => order({ atMs, sessionId: 's1' });

  it('on a session stops what belongs to it, from its time on or altogether', () => {
    const before = { came: [inSession(MONDAY - 1)] };
    const after = { came: [inSession(MONDAY)] };
    expect(pieces(from('flag'), before, facts)).toHaveLength(1);
    expect(pieces(from('flag'), after, facts)).toEqual([]);
    expect(pieces(from('start'), before, facts)).toEqual([]);
  });

  it('leaves other sessions and what belongs to none alone', () => {
    for (const other of [order(), order({ sessionId: 's2' })])
      expect(pieces(from('start'), { came: [other] }, facts)).toMatchObject([
        { amount: 1 },
      ]);
  });

  it('on the merchant stops everything, by the earlier of two flags', () => {
    const both = { ...facts, flaggedAtMs: MONDAY - 10 };
    expect(
      pieces(from('flag'), { came: [inSession(MONDAY - 5)] }, both),
    ).toEqual([]);
    expect(pieces(from('start'), { came: [order()] }, both)).toEqual([]);
  });
});
