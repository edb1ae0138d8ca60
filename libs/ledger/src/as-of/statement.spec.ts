import { withBalances, type StatementLine } from './statement.js';

describe('withBalances', () => {
  it('goes on from what each account had, each unit by itself', () => {
    const lines = withBalances(
      [
        { account: 'available', unit: 'ANY_IMP', amount: 10n },
        { account: 'available', unit: 'CNY', amount: 3n },
      ],
      [
        line('available', 'ANY_IMP', -4n),
        line('reserved', 'ANY_IMP', 4n),
        line('available', 'CNY', 1n),
        line('available', 'ANY_IMP', -6n),
      ],
    );
    expect(lines.map(({ balance }) => balance)).toEqual([6n, 4n, 4n, 0n]);
  });
});

function line(
  account: StatementLine['account'],
  unit: StatementLine['unit'],
  amount: bigint,
): Omit<StatementLine, 'balance'> {
  return {
    entryId: 'promotions-0-1',
    journal: 'promotions',
    sequence: 1n,
    line: 0,
    kind: 'reserve',
    occurredAt: new Date(0),
    recordedAt: new Date(0),
    account,
    unit,
    amount,
    lotId: null,
  };
}
