import {
  autoPromotionLimits,
  limitsAreEqual,
  type AutoPromotionLimits,
} from './auto-promotion-limits.js';

describe('limits of the switch', () => {
  it.each([
    {},
    { dailyCapImpressions: 1 },
    { placements: ['short_video', 'live'] },
    { dailyCapImpressions: 500, minimumImpressionsPerSession: 500 },
  ])('are taken: %j', (limits) => {
    expect(autoPromotionLimits.parse(limits)).toEqual(limits);
  });

  it.each([
    [{ dailyCapImpressions: 0 }, 'dailyCapImpressions'],
    [{ dailyCapImpressions: 1.5 }, 'dailyCapImpressions'],
    [{ dailyCapImpressions: 2 ** 53 }, 'dailyCapImpressions'],
    [{ placements: [] }, 'placements'],
    [{ placements: ['live', 'live'] }, 'placements'],
    [{ placements: ['shelf'] }, 'placements.0'],
    [{ minimumImpressionsPerSession: '9' }, 'minimumImpressionsPerSession'],
    [
      { dailyCapImpressions: 499, minimumImpressionsPerSession: 500 },
      'minimumImpressionsPerSession',
    ],
  ])('are refused, and the field named: %j', (limits, field) => {
    const { error } = autoPromotionLimits.safeParse(limits);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });

  it('are refused where one of them is not known', () => {
    const { error } = autoPromotionLimits.safeParse({ dailyCap: 5 });
    expect(error?.issues[0]?.message).toContain('dailyCap');
  });

  it.each<[AutoPromotionLimits, AutoPromotionLimits, boolean]>([
    [{}, {}, true],
    [{ placements: ['live', 'short_video'] }, {}, true],
    [{ placements: ['live'] }, { placements: ['short_video'] }, false],
    [{ dailyCapImpressions: 5 }, { dailyCapImpressions: 5 }, true],
    [{ dailyCapImpressions: 5 }, {}, false],
    [{ minimumImpressionsPerSession: 5 }, {}, false],
  ])('%j and %j limit alike: %s', (a, b, alike) => {
    expect(limitsAreEqual(a, b)).toBe(alike);
    expect(limitsAreEqual(b, a)).toBe(alike);
  });
});
