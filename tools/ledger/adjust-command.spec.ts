import { UsageError } from '../support/cli.js';
import { parseRequest } from './adjust-command.js';

const WHY = { by: 'alice', reason: 'outage' };
const GIVE = {
  ...WHY,
  merchant: 'm1',
  program: 'daily',
  unit: 'ANY_IMP',
  amount: '5000',
  expires: '2036-01-01T00:00:00Z',
};
const BUDGET = { ...WHY, program: 'daily', unit: 'CNY' };

describe('adjust', () => {
  it('reads what is to be given', () => {
    expect(parseRequest(['propose', 'give'], GIVE)).toEqual({
      what: 'propose',
      ...WHY,
      change: {
        type: 'give',
        merchantId: 'm1',
        program: 'daily',
        unit: 'ANY_IMP',
        amount: 5_000n,
        expiresAtMs: Date.parse('2036-01-01T00:00:00Z'),
      },
    });
  });

  it.each([
    [{ add: '7' }, 7n, null],
    [{ cut: '7', shard: '5' }, -7n, 5],
  ])('reads a budget’s %j', (values, amount, shard) => {
    const request = parseRequest(['propose', 'budget'], {
      ...BUDGET,
      ...values,
    });
    expect(request).toMatchObject({
      change: { type: 'budget', unit: 'CNY', amount, shard },
    });
  });

  it('reads who decides, and on what', () => {
    expect(
      parseRequest(['approve', 'adj-5-a'], { by: 'bob', json: true }),
    ).toEqual({ what: 'approve', id: 'adj-5-a', by: 'bob' });
    expect(parseRequest(['list'], { all: false, json: false })).toEqual({
      what: 'list',
      all: false,
    });
  });

  it.each<[string[], Record<string, string>, string]>([
    [[], {}, 'Say what to do: propose, approve, reject, list or show'],
    [['propose'], {}, 'Say what to propose: give, take-back, budget'],
    [['approve'], {}, 'Say which proposal, by its id'],
    [['approve', 'adj-1-a'], {}, '--by is missing'],
    [['reject', 'adj-1-a'], { by: 'bob' }, '--reason is missing'],
    [['show', 'adj-1-a'], { by: 'bob' }, '--by is of no use here'],
    [['list', 'adj-1-a'], {}, '"adj-1-a" is too much'],
    [['propose', 'give'], { ...GIVE, shard: '5' }, '--shard is of no use here'],
    [['propose', 'give'], { ...GIVE, amount: '1.5' }, '--amount is "1.5"'],
    [['propose', 'give'], { ...GIVE, amount: '0' }, '--amount is "0"'],
    [['propose', 'give'], { ...GIVE, unit: 'IMP' }, '--unit is "IMP"'],
    [['propose', 'give'], { ...GIVE, expires: '2036-01-01' }, '--expires is'],
    [
      ['propose', 'give'],
      { ...GIVE, expires: '2036-02-30T00:00:00Z' },
      '--expires is',
    ],
    [
      ['propose', 'give'],
      { ...GIVE, expires: '9999-12-31T23:59:59-08:00' },
      '--expires is',
    ],
    [
      ['propose', 'give'],
      { ...GIVE, expires: 'Tue Jan 1 2036 Z' },
      '--expires is',
    ],
    [
      ['propose', 'give'],
      { ...GIVE, 'expires-in-days': '3' },
      'Give --expires or --expires-in-days',
    ],
    [['propose', 'budget'], BUDGET, 'Give --add or --cut'],
    [['propose', 'budget'], { ...BUDGET, add: '1', cut: '1' }, 'Give --add or'],
    [['propose', 'take-back'], { ...WHY, lot: '17' }, '--lot is "17"'],
    [
      ['propose', 'take-back'],
      { ...WHY, lot: 'grants-99999-5' },
      '--lot is "grants-99999-5"',
    ],
    [
      ['propose', 'give'],
      { ...GIVE, merchant: 'm1\n' },
      '--merchant is "m1\\n": expected',
    ],
    [
      ['propose', 'give'],
      { ...GIVE, program: 'p'.repeat(257) },
      ': expected 1 to 256 characters',
    ],
  ])('says in one sentence what is wrong with %j %j', (what, values, said) => {
    expect(() => parseRequest(what, values)).toThrow(UsageError);
    expect(() => parseRequest(what, values)).toThrow(said);
  });
});
