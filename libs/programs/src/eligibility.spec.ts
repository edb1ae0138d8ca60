import {
  EligibilityError,
  MAX_ELIGIBILITY_LENGTH,
  parseEligibility,
} from './eligibility.js';
import {
  UNKNOWN_MERCHANT,
  type MerchantFacts,
} from './count/merchant-facts.js';
import { DAY_MS } from './time/time-zone.js';

const NOW_MS = Date.parse('2026-11-11T00:00:00+08:00');

const NEW_MERCHANT: MerchantFacts = {
  ...UNKNOWN_MERCHANT,
  registeredAtMs: NOW_MS - 10.5 * DAY_MS,
  category: 'fresh-food',
  followers: 120n,
  firstStream: { sessionId: 's', atMs: NOW_MS - DAY_MS },
};

function holds(expression: string, facts: Partial<MerchantFacts> = {}) {
  return parseEligibility(expression).holds(
    { ...NEW_MERCHANT, ...facts },
    NOW_MS,
  );
}

function mistakeIn(expression: string): string {
  try {
    parseEligibility(expression);
  } catch (error) {
    expect(error).toBeInstanceOf(EligibilityError);
    return (error as Error).message;
  }
  throw new Error('an expression without mistakes');
}

describe('who is rewarded', () => {
  it.each([
    'merchant.isRegistered && merchant.daysSinceRegistration == 10',
    'now - merchant.registeredAt < duration("264h")',
    'merchant.registeredAt > timestamp("2026-10-31T00:00:00+08:00")',
    'now == timestamp("2026-11-10T16:00:00Z")',
    'merchant.category == "fresh-food" || merchant.category == ""',
    "merchant.category in ['fresh-food', 'flowers']",
    'merchant.category.startsWith("fresh") && merchant.category.size() == 10',
    'merchant.followers >= 100 && merchant.followers < 1000',
    'merchant.hasStreamed && now - merchant.firstStreamAt == duration("24h")',
    '!merchant.hasSold && merchant.firstSaleAt == timestamp("1970-01-01T00:00:00Z")',
    '!merchant.isFlagged // and nothing else',
    'merchant.followers > 1000 ? merchant.hasSold : merchant.hasStreamed',
  ])('is told by %s', (expression) => {
    expect(holds(expression)).toBe(true);
  });

  it('is nobody for whom it is false', () => {
    expect(holds('merchant.followers < 100')).toBe(false);
    expect(holds('!merchant.isFlagged', { flaggedAtMs: NOW_MS })).toBe(false);
  });

  it.each([
    ['merchant.isRegistered', false],
    ['merchant.daysSinceRegistration == -1', true],
    ['merchant.registeredAt == timestamp("1970-01-01T00:00:00Z")', true],
    ['merchant.category == ""', true],
  ])('knows who has not registered yet: %s is %s', (expression, expected) => {
    const facts = { registeredAtMs: null, category: null };
    expect(holds(expression, facts)).toBe(expected);
  });

  it('has been registered for no days where it is asked about before', () => {
    expect(
      holds('merchant.daysSinceRegistration == 0', {
        registeredAtMs: NOW_MS + DAY_MS,
      }),
    ).toBe(true);
  });

  it.each([
    ['10 / merchant.followers < 1', 0n],
    ['merchant.followers + 9223372036854775807 > 0', 1n],
    ['10 / merchant.followers < 1 || merchant.hasSold', 0n],
  ])(
    'is nobody for whom it cannot be computed: %s',
    (expression, followers) => {
      expect(holds(expression, { followers })).toBe(false);
    },
  );
});

describe('an expression', () => {
  it.each([
    ['merchnt.followers < 1', 'Unknown variable: merchnt (at character 1)'],
    ['merchant.folowers < 1', 'No such key: folowers (at character 10)'],
    [
      'merchant.category == 3',
      'no such overload: string == int (at character 1)',
    ],
    [
      'merchant.isFlagged && merchant.followers',
      "Logical operator requires bool operands, got 'int' (at character 1)",
    ],
    ['merchant.followers', 'this one is of type int'],
    ['now', 'this one is of type google.protobuf.Timestamp'],
    ['merchant.followers <', 'Unexpected token: EOF (at character 21)'],
  ])('is refused where it is wrong: %s', (expression, mistake) => {
    expect(mistakeIn(expression)).toBe(mistake);
  });

  it.each([
    ['a regular expression', 'merchant.category.matches("(a+)+$")'],
    ['a loop', '[1, 2].all(i, i < merchant.followers)'],
    ['a name', 'cel.bind(a, merchant.category, a + a == "")'],
    ['what evades the types', 'dyn(merchant.category) == 3'],
    ['a part of a time', 'now.getHours() < 8'],
    ['an index', '[true][0]'],
    ['a mapping', '{"a": true}.a'],
    ['a time that is computed', 'timestamp(merchant.category) < now'],
    ['a time that does not exist', 'timestamp("2026-13-01T00:00:00Z") < now'],
    ['a duration in days', 'now - now < duration("1d")'],
  ])('is refused with %s', (_, expression) => {
    expect(mistakeIn(expression)).toMatch(/^no .* \(at character \d+\)$/);
  });

  it('is quick at its longest', () => {
    const part = 'merchant.followers >= 0 && ';
    const times = Math.floor(MAX_ELIGIBILITY_LENGTH / part.length) - 1;
    const longest = parseEligibility(
      `${part.repeat(times)}!merchant.isFlagged`,
    );
    const startedAt = performance.now();
    for (let i = 0; i < 1_000; i++)
      expect(longest.holds(NEW_MERCHANT, NOW_MS)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
