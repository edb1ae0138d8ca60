import fc from 'fast-check';
import { SMALL_FILE } from '../../test/programs.js';
import { ProgramFileError } from './program-document.js';
import { parseProgram } from './program-file.js';
import { METRICS, PERIOD_KINDS } from '../program.js';

const WINDOW = {
  from: '2026-10-01T00:00:00+08:00',
  until: '2026-12-01T00:00:00+08:00',
};
const STAGE = { stage: 'one', ...WINDOW };
const GOAL = SMALL_FILE.goals[0]!;
const REWARD = { unit: 'ANY_IMP', amount: 100, expiresAfterDays: 7 };
const RATE = { basisPoints: 50, unit: 'ANY_IMP', expiresAfterDays: 7 };
const ONE_TIER = [{ tier: 'one', at: 1, rewards: [REWARD] }];

/** What is wrong with a file, without the places, which `program-file.mistakes.spec.ts` is about. */
function mistakesIn(file: object): string[] {
  try {
    parseProgram(JSON.stringify(file), 'p.yaml');
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ProgramFileError);
    return (error as ProgramFileError).mistakes.map(
      ({ field, expected }) => `${field}: ${expected}`,
    );
  }
}

function inProgram(changes: object): string[] {
  return mistakesIn({ ...SMALL_FILE, ...changes });
}

function inGoal(changes: object, others: object = {}): string[] {
  return inProgram({ ...others, goals: [{ ...GOAL, ...changes }] });
}

/** Of the only reward of the only tier; fields that are undefined are left out. */
function inReward(changes: object, others: object = {}): string[] {
  const rewards = [{ ...REWARD, ...changes }];
  return inGoal({ tiers: [{ ...ONE_TIER[0], rewards }] }, others).map(
    (mistake) => mistake.replace('goals[0].tiers[0].rewards[0].', ''),
  );
}

describe('stages', () => {
  it.each([
    [
      'outside the window',
      [
        {
          ...STAGE,
          from: '2026-09-30T00:00:00Z',
          until: '2026-12-02T00:00:00Z',
        },
      ],
      [
        'stages[0].from: expected no time before the window begins',
        'stages[0].until: expected no time after the window ends',
      ],
    ],
    [
      'that overlap, or stand in another order',
      [
        { ...STAGE, until: '2026-11-01T00:00:00+08:00' },
        { ...STAGE, stage: 'two', from: '2026-10-31T00:00:00+08:00' },
      ],
      ['stages[1].from: expected no time before the stage above it ends'],
    ],
    [
      'that end before they begin',
      [{ ...STAGE, until: WINDOW.from }],
      ['stages[0].until: expected a time after from'],
    ],
    [
      'of one name',
      [
        { ...STAGE, until: '2026-11-01T00:00:00+08:00' },
        { ...STAGE, from: '2026-11-01T00:00:00+08:00' },
      ],
      ['stages[1].stage: expected another name: "one" stands further up'],
    ],
  ])('are refused %s', (_, stages, mistakes) => {
    expect(inProgram({ window: WINDOW, stages })).toEqual(mistakes);
  });

  it('may leave gaps between them, and need no window', () => {
    const stages = [
      { ...STAGE, until: '2026-10-10T00:00:00+08:00' },
      { ...STAGE, stage: 'two', from: '2026-11-01T00:00:00+08:00' },
    ];
    expect(inGoal({ period: 'stage' }, { stages })).toEqual([]);
  });

  it('are needed where a goal counts over them', () => {
    expect(inGoal({ period: 'stage' })).toEqual([
      'goals[0].period: expected day, week or month, since there are no stages',
    ]);
  });
});

describe('a version', () => {
  it('starts before the window ends', () => {
    expect(inProgram({ window: WINDOW, startsAt: WINDOW.until })).toEqual([
      'startsAt: expected a time before the window ends',
    ]);
  });
});

describe('who is rewarded', () => {
  it.each([
    [
      'merchant.folowers < 1',
      'expected a CEL expression that is true or false: No such key: folowers (at character 10)',
    ],
    [
      'merchant.followers',
      'expected a CEL expression that is true or false: this one is of type int',
    ],
    ['', 'expected an expression of 1 to 1000 characters'],
    [
      `!merchant.isFlagged${' '.repeat(1_000)}`,
      'expected an expression of 1 to 1000 characters',
    ],
    [5, 'expected an expression of 1 to 1000 characters'],
  ])('is refused as %j', (eligible, expected) => {
    expect(inProgram({ eligible })).toEqual([`eligible: ${expected}`]);
  });
});

describe('caps', () => {
  const cap = { unit: 'ANY_IMP', amount: 5, period: 'day' };

  it('are of units with a pool', () => {
    expect(inProgram({ caps: [{ ...cap, unit: 'CNY' }] })).toEqual([
      'caps[0].unit: expected a unit with a pool: pools has no CNY',
    ]);
  });

  it('are one a unit and period', () => {
    const caps = [cap, { ...cap, period: 'month' }, { ...cap, amount: 6 }];
    expect(inProgram({ caps })).toEqual([
      'caps[2].period: expected another unit or period: a cap of ANY_IMP a day stands further up',
    ]);
  });

  it('are over what the calendar knows, or for good', () => {
    expect(inProgram({ caps: [{ ...cap, period: 'stage' }] })).toEqual([
      'caps[0].period: expected one of day, week, month, lifetime',
    ]);
  });
});

describe('what is taken back', () => {
  it('is one of three, for refunds and for flags', () => {
    expect(
      inProgram({ takeBack: { refunds: 'some', flaggedFrom: 'end' } }),
    ).toEqual([
      'takeBack.refunds: expected one of never, difference, all',
      'takeBack.flaggedFrom: expected one of flag, start',
    ]);
  });
});

describe('a payout', () => {
  it('is one', () => {
    expect(inGoal({ tiers: undefined })).toEqual([
      'goals[0].tiers: expected one of tiers, highestTier, every, rate; it is missing',
    ]);
    expect(
      inGoal({ every: { count: 1, rewards: [REWARD] }, highestTier: ONE_TIER }),
    ).toEqual([
      'goals[0].every: expected no second payout beside tiers',
      'goals[0].highestTier: expected no second payout beside tiers',
    ]);
  });

  it.each(['tiers', 'highestTier'])('of %s ascends', (payout) => {
    const [tier] = ONE_TIER;
    const changes = { tiers: undefined, [payout]: [tier, { ...tier, at: 1 }] };
    expect(inGoal(changes)).toEqual([
      `goals[0].${payout}[1].tier: expected another name: "one" stands further up`,
      `goals[0].${payout}[1].at: expected more than 1, as the tier above it has`,
    ]);
  });

  it('for every so much pays amounts that are known', () => {
    const reward = { unit: 'ANY_IMP', draw: { from: 1, to: 2 } };
    expect(
      inGoal({ tiers: undefined, every: { count: 1, rewards: [reward] } }),
    ).toEqual([
      'goals[0].every.rewards[0].amount: expected a whole number from 1 to 9007199254740991; it is missing',
      'goals[0].every.rewards[0].expiresAfterDays: expected a whole number from 1 to 3660; it is missing',
      'goals[0].every.rewards[0].draw: expected no such field, only unit, amount, expiresAfterDays, expiresAt',
    ]);
  });

  it('at a rate settles, in a unit with a pool', () => {
    const rate = { ...RATE, unit: 'LIVE_IMP', expiresAfterDays: undefined };
    expect(inGoal({ tiers: undefined, rate })).toEqual([
      'goals[0].settlesAfterDays: expected a whole number from 0 to 366, since a rate is paid once a period; it is missing',
      'goals[0].rate.expiresAfterDays: expected a whole number from 1 to 3660; it is missing',
      'goals[0].rate.unit: expected a unit with a pool: pools has no LIVE_IMP',
    ]);
  });

  it('at a rate needs a period that ends', () => {
    const changes = { tiers: undefined, rate: RATE, period: 'lifetime' };
    expect(inGoal(changes)).toEqual([
      'goals[0].period: expected another period than lifetime, since a rate is paid after its end',
    ]);
  });
});

describe('settling', () => {
  it.each([
    ['lifetime', {}, 'expected no such field, since lifetime does not end'],
    [
      'session',
      {},
      'expected a window too, since sessions settle after its end',
    ],
    [
      'day',
      { graceHours: 73 },
      'expected at least 4, since graceHours lets events in until then',
    ],
  ])('is refused over %s with %j', (period, others, expected) => {
    expect(inGoal({ period, settlesAfterDays: 3 }, others)).toEqual([
      `goals[0].settlesAfterDays: ${expected}`,
    ]);
  });

  it('may be at once after the end, and as long as the grace', () => {
    const window = WINDOW;
    expect(inGoal({ settlesAfterDays: 0 }, { graceHours: 0 })).toEqual([]);
    expect(inGoal({ settlesAfterDays: 3 }, { graceHours: 72 })).toEqual([]);
    expect(
      inGoal({ period: 'session', settlesAfterDays: 3 }, { window }),
    ).toEqual([]);
  });
});

describe('days on air', () => {
  it('are of a length that the goal says, and no other metric does', () => {
    expect(inGoal({ metric: 'liveDays' })).toEqual([
      'goals[0].secondsADay: expected a whole number from 1 to 86400; it is missing',
    ]);
    expect(inGoal({ metric: 'liveSeconds', secondsADay: 1 })).toEqual([
      'goals[0].secondsADay: expected no such field, since liveSeconds counts no days',
    ]);
  });

  it.each(['session', 'lifetime'])('are not counted over %s', (period) => {
    expect(
      inGoal({ metric: 'liveDayStreak', secondsADay: 3_600, period }),
    ).toEqual([
      'goals[0].period: expected day, week, month, stage or window, since liveDayStreak counts days',
    ]);
  });

  it.each(['window', 'stage'])('are at most a year in a %s', (period) => {
    const days = { metric: 'liveDays', secondsADay: 3_600, period };
    const year = {
      from: '2024-01-01T00:00:00Z',
      until: '2025-01-01T00:00:00Z',
    };
    const more = { ...year, until: '2025-01-01T00:00:01Z' };
    const stages = (span: object) => [{ stage: 'one', ...span }];
    expect(inGoal(days, { window: year, stages: stages(year) })).toEqual([]);
    expect(inGoal(days, { window: more, stages: stages(more) })).toEqual([
      `goals[0].period: expected a ${period} of at most 366 days, since liveDays counts days`,
    ]);
  });
});

describe('a metric', () => {
  it.each(METRICS.filter((metric) => metric.startsWith('first')))(
    '%s reaches 1, and no more',
    (metric) => {
      const expected = `expected 1, since ${metric} happens once`;
      const two = [{ ...ONE_TIER[0], at: 2 }];
      expect(inGoal({ metric, tiers: two })).toEqual([
        `goals[0].tiers[0].at: ${expected}`,
      ]);
      expect(
        inGoal({
          metric,
          tiers: undefined,
          every: { count: 2, rewards: [REWARD] },
        }),
      ).toEqual([`goals[0].every.count: ${expected}`]);
      expect(
        inGoal({ metric, tiers: undefined, settlesAfterDays: 1, rate: RATE }),
      ).toEqual([
        `goals[0].rate: expected tiers in its place, since ${metric} happens once`,
      ]);
    },
  );

  it.each([
    'returns',
    'shoppableVideos',
    'clips',
    'productsListed',
    'adsSpentMinor',
    'firstSale',
  ])('%s belongs to no session', (metric) => {
    expect(inGoal({ metric, period: 'session' })).toEqual([
      `goals[0].period: expected another period than session, since ${metric} belongs to none`,
    ]);
  });

  it.each(['orders', 'gmvMinor', 'followers', 'liveSeconds', 'firstStream'])(
    '%s may count in a session',
    (metric) => {
      expect(inGoal({ metric, period: 'session' })).toEqual([]);
    },
  );

  it.each(['liveSeconds', 'returns', 'adsSpentMinor'])(
    '%s has no channel',
    (metric) => {
      expect(inGoal({ metric, channels: ['live'] })).toEqual([
        `goals[0].channels: expected no such field, since ${metric} has no channel`,
      ]);
    },
  );
});

describe('a reward', () => {
  it('is of one amount', () => {
    expect(inReward({ amount: undefined })).toEqual([
      'amount: expected one of amount, draw, poolShare; it is missing',
    ]);
    expect(inReward({ draw: { from: 1, to: 2 } })).toEqual([
      'draw: expected no second amount beside amount',
    ]);
  });

  it('is drawn from something', () => {
    const draw = { from: 9, to: 8 };
    expect(inReward({ amount: undefined, draw })).toEqual([
      'draw.to: expected at least 9, as from has',
    ]);
  });

  it('is a share of a pool, and of at least 1', () => {
    const share = (unit: string, partsPerMillion: number) =>
      inReward({ amount: undefined, unit, poolShare: { partsPerMillion } });
    expect(share('ANY_IMP', 1_000)).toEqual([]);
    expect(share('ANY_IMP', 999)).toEqual([
      'poolShare.partsPerMillion: expected a larger share: it is less than 1 of a pool of 1000',
    ]);
    expect(share('LIVE_IMP', 1)).toEqual([
      'unit: expected a unit with a pool: pools has no LIVE_IMP',
    ]);
  });

  it('expires in one way', () => {
    const expiresAt = WINDOW.until;
    expect(inReward({ expiresAfterDays: undefined, expiresAt })).toEqual([]);
    expect(inReward({ expiresAt })).toEqual([
      'expiresAt: expected no second expiry beside expiresAfterDays',
    ]);
  });

  it('does not expire before anybody can earn it', () => {
    const changes = { expiresAfterDays: undefined, expiresAt: WINDOW.from };
    expect(inReward(changes, { window: WINDOW })).toEqual([
      'expiresAt: expected a time after the window begins',
    ]);
  });

  it('needs no expiry where it is cash', () => {
    const changes = { unit: 'CNY', expiresAfterDays: undefined };
    expect(inReward(changes, { pools: { CNY: 100 } })).toEqual([]);
  });
});

describe('any file', () => {
  const wrong = fc.oneof(
    fc.constantFrom<unknown>(
      { toString: 1, valueOf: 1 },
      [null],
      [[]],
      [{ toString: 1 }],
      null,
      -1,
      1e300,
      '',
    ),
    fc.constantFrom<unknown>(...METRICS, ...PERIOD_KINDS, 'CNY', 'ANY_IMP'),
    fc.jsonValue(),
  );
  const record = (fields: string) =>
    fc.record(
      Object.fromEntries(fields.split(' ').map((field) => [field, wrong])),
      { requiredKeys: [] },
    );

  it('is read, or told its mistakes', () => {
    fc.assert(
      fc.property(
        record(
          'window stages startsAt eligible graceHours takeBack pools caps',
        ),
        record(
          'goal metric channels period secondsADay settlesAfterDays tiers highestTier every rate',
        ),
        record('unit amount draw poolShare expiresAfterDays expiresAt'),
        (program, goal, reward) => {
          const tiers = [{ tier: 'one', at: 1, rewards: [reward] }];
          for (const mistake of inGoal({ tiers, ...goal }, program))
            expect(mistake).toContain(': expected ');
        },
      ),
      { numRuns: 500 },
    );
  });
});
