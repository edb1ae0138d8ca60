import fc from 'fast-check';
import { grantOf } from '../../ledger/test/entries.js';
import { exportedEntries } from '../test/entries.js';
import {
  accountDirectives,
  accountOfJournal,
  journalAccount,
  journalTransaction,
  openingTransaction,
} from './hledger.js';

const SHANGHAI = { offsetMs: () => 8 * 3_600_000 };

describe('journalAccount', () => {
  it.each([
    ['issuance', 'issuance'],
    ['pool:ladder', 'pool:ladder'],
    ['spent:short_video', 'spent:short_video'],
    ['merchant:m1:available', 'merchant:m1:available'],
    ['merchant:a:b:available', 'merchant:a%3Ab:available'],
    ['merchant:two  spaces; :owed', 'merchant:two%20%20spaces%3B%20:owed'],
    ['pool:斗金', 'pool:%E6%96%97%E9%87%91'],
  ])('of %s is %s', (account, name) => {
    expect(journalAccount(account)).toBe(name);
  });

  it('is read back, whatever the merchant is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        const account = `merchant:${id}:available`;
        const name = journalAccount(account);
        expect(accountOfJournal(name)).toBe(account);
        expect(name).toMatch(/^merchant:[^:\s;]+:available$/);
      }),
    );
  });
});

describe('journalTransaction', () => {
  const [entry] = exportedEntries([grantOf(5n, 'a,b', 'grants-5-1')]);

  it('is dated by the local day, with the rest as tags', () => {
    const late = { ...entry!, recordedAtMicros: 1_731_254_400_000_000n };
    expect(journalTransaction(late, 'recorded', SHANGHAI)).toBe(
      [
        '2024-11-11 * (grants-5-1) grant',
        '    ; merchant: a%2Cb',
        '    ; program: ladder',
        '    ; occurred_at: 2024-11-11T00:00:00.000Z',
        '    ; recorded_at: 2024-11-10T16:00:00.000Z',
        `    ; hash: ${entry!.hash}`,
        '    pool:ladder  -5 ANY_IMP  ; lot: grants-5-1',
        '    merchant:a%2Cb:available  5 ANY_IMP  ; lot: grants-5-1',
        '',
        '',
      ].join('\n'),
    );
  });

  it('is dated by when it happened where that counts', () => {
    const early = { ...entry!, occurredAtMicros: 0n };
    expect(journalTransaction(early, 'occurred', SHANGHAI)).toMatch(
      /^1970-01-01 \*/,
    );
  });
});

describe('openingTransaction', () => {
  const balances = [
    { account: 'pool:ladder', unit: 'ANY_IMP', amount: -5n },
    { account: 'merchant:m1:available', unit: 'ANY_IMP', amount: 5n },
  ];

  it('is of the day ahead of the period', () => {
    const fromMs = Date.parse('2024-10-31T16:00:00Z');
    expect(openingTransaction('grants', 5, balances, fromMs, SHANGHAI)).toBe(
      [
        '2024-10-31 * (grants-5) opening balances',
        '    pool:ladder  -5 ANY_IMP',
        '    merchant:m1:available  5 ANY_IMP',
        '',
        '',
      ].join('\n'),
    );
  });

  it('is left out where there was nothing', () => {
    expect(openingTransaction('grants', 5, [], 0, SHANGHAI)).toBe('');
  });
});

describe('accountDirectives', () => {
  it('declares each account once', () => {
    expect(
      accountDirectives([
        { account: 'spent:live' },
        { account: 'issuance' },
        { account: 'spent:live' },
      ]),
    ).toBe('account issuance\naccount spent:live\n\n');
    expect(accountDirectives([])).toBe('');
  });
});
