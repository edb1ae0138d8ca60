import { gained, paid } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { every, ladder, POOLS, reward } from '../../test/ladders.js';
import { smallGoal } from '../../test/programs.js';

const SOLD = { metric: 'gmvMinor' };

function sold(...amounts: number[]) {
  return amounts.map((fen, i) =>
    paid(`o${i}`, `2024-11-11T10:00:${String(i).padStart(2, '0')}`, fen),
  );
}

describe('tiers', () => {
  it('that one event crosses together are all paid, the lowest first', () => {
    expect(grantsOf(ladder({}, SOLD), sold(3))).toEqual([
      'first: 100 ANY_IMP',
      'third: 1000 ANY_IMP',
    ]);
  });

  it('pay each of their rewards, as a lot of its own', () => {
    const rewards = [reward(1), reward(2), reward(3, 'CNY')];
    const tiers = [{ tier: 'only', at: 1, rewards }];
    const granter = new GranterInMemory([ladder({}, { tiers })]).take(sold(1));
    expect(granter.grants()).toEqual([
      'only: 1 ANY_IMP',
      'only: 2 ANY_IMP',
      'only: 3 CNY',
    ]);
    expect(granter.lots).toMatchObject([{ granted: 1n }, { granted: 2n }]);
  });

  it('may be called anything that a name can be', () => {
    const tiers = [
      { tier: 'constructor', at: 1, rewards: [reward(100)] },
      { tier: '7', at: 2, rewards: [reward(7)] },
    ];
    const program = ladder({}, { goal: 'constructor', tiers });
    expect(grantsOf(program, sold(1, 1))).toEqual([
      'constructor: 100 ANY_IMP',
      '7: 7 ANY_IMP',
    ]);
  });
});

describe('the highest tier', () => {
  const highestTier = [
    { tier: 'low', at: 1, rewards: [reward(100), reward(5, 'CNY')] },
    { tier: 'middle', at: 3, rewards: [reward(250)] },
    { tier: 'high', at: 9, rewards: [reward(240), reward(4, 'LIVE_IMP')] },
  ];
  const program = ladder({}, { ...SOLD, tiers: undefined, highestTier });

  it('pays what it is more than what was paid, by unit', () => {
    expect(grantsOf(program, sold(1, 2, 6))).toEqual([
      'low: 100 ANY_IMP',
      'low: 5 CNY',
      'middle: 150 ANY_IMP',
      // It deserves no more ANY_IMP than was paid.
      'high: 4 LIVE_IMP',
    ]);
  });

  it('is paid alone where it is reached at once', () => {
    expect(grantsOf(program, sold(9))).toEqual([
      'high: 240 ANY_IMP',
      'high: 4 LIVE_IMP',
    ]);
  });
});

describe('for every so many', () => {
  const twenty = (times?: number) =>
    every(
      20,
      {},
      {
        metric: 'followers',
        every: { count: 20, times, rewards: [reward(600), reward(1, 'CNY')] },
      },
    );
  const followers = (...counts: number[]) =>
    counts.map((count, i) => gained(count, `2024-11-11T10:00:0${i}`));

  it('the rewards are paid that are new, several at once in one grant', () => {
    expect(grantsOf(twenty(), followers(19, 1, 39, 1))).toEqual([
      'every: 600 ANY_IMP',
      'every: 1 CNY',
      'every: 600 ANY_IMP',
      'every: 1 CNY',
      'every: 600 ANY_IMP',
      'every: 1 CNY',
    ]);
    expect(grantsOf(twenty(), followers(59))).toEqual([
      'every: 1200 ANY_IMP',
      'every: 2 CNY',
    ]);
  });

  it('they are paid so many times at most', () => {
    expect(grantsOf(twenty(2), followers(20, 5_000))).toEqual([
      'every: 600 ANY_IMP',
      'every: 1 CNY',
      'every: 600 ANY_IMP',
      'every: 1 CNY',
    ]);
  });
});

describe('amounts near 2^53', () => {
  const MOST = Number.MAX_SAFE_INTEGER;

  it('are summed to the unit beyond it, and rates of them are exact', () => {
    const rate = { basisPoints: 10_000, unit: 'ANY_IMP', expiresAfterDays: 1 };
    const program = smallGoal(
      { ...SOLD, tiers: undefined, settlesAfterDays: 0, rate },
      { pools: { ANY_IMP: MOST } },
    );
    const granter = new GranterInMemory([program]);
    granter.take(sold(MOST, MOST, MOST), 0).at(Date.parse('2025-01-01'));
    expect(granter.drafts[0]?.cause).toMatchObject({
      value: '27021597764222973',
      promised: '27021597764222973',
      poolRanDry: true,
    });
    expect(granter.grants()).toEqual([`rate: ${MOST} ANY_IMP`]);
  });

  it('pay for every one of them', () => {
    const program = every(
      MOST,
      {},
      { ...SOLD, every: { count: MOST, rewards: [reward(1)] } },
    );
    expect(grantsOf(program, sold(MOST, MOST - 1, 1))).toEqual([
      'every: 1 ANY_IMP',
      'every: 1 ANY_IMP',
    ]);
  });
});

describe('a pool that runs dry in the midst of an event’s rewards', () => {
  it('grants the rest of it, says so, and pays what other pools hold', () => {
    const tiers = [
      { tier: 'first', at: 1, rewards: [reward(70), reward(9, 'CNY')] },
      { tier: 'second', at: 2, rewards: [reward(70), reward(9, 'CNY')] },
    ];
    const pools = { ...POOLS, ANY_IMP: 100 };
    const granter = new GranterInMemory([
      ladder({ pools }, { ...SOLD, tiers }),
    ]).take(sold(2));
    expect(granter.grants()).toEqual([
      'first: 70 ANY_IMP',
      'first: 9 CNY',
      'second: 30 ANY_IMP',
      'second: 9 CNY',
    ]);
    expect(granter.drafts.map(({ cause }) => cause)).toMatchObject([
      { poolRanDry: false },
      { poolRanDry: false },
      { poolRanDry: true, promised: 70 },
      { poolRanDry: false },
    ]);
  });
});
