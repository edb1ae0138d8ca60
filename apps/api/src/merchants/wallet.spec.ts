import { sumBalances } from './wallet.js';

describe('sumBalances', () => {
  it('has every unit of a merchant without any', () => {
    expect(sumBalances([]).map(({ unit }) => unit)).toEqual([
      'LIVE_IMP',
      'VIDEO_IMP',
      'ANY_IMP',
      'CNY',
    ]);
  });

  it('sums accounts by class, and leaves out those that are not the merchant’s', () => {
    const unit = 'ANY_IMP';
    const [, , sums] = sumBalances([
      { account: 'pool:order-ladder', unit, amount: -100n },
      { account: 'available', unit, amount: 100n },
      { account: 'available', unit, amount: -75n },
      { account: 'reserved', unit, amount: 5n },
      { account: 'spent:live', unit, amount: 20n },
      { account: 'spent:short_video', unit, amount: 10n },
      { account: 'expired:order-ladder', unit, amount: 25n },
      { account: 'clawed_back:order-ladder', unit, amount: 15n },
      { account: 'owed', unit, amount: -3n },
      { account: 'payable', unit, amount: 7n },
      { account: 'payable', unit, amount: -2n },
      { account: 'paid_out', unit, amount: 2n },
    ]);
    expect(sums).toEqual({
      unit,
      available: 25n,
      reserved: 5n,
      spent: 30n,
      expired: 25n,
      clawedBack: 15n,
      owed: 3n,
      payable: 5n,
      paidOut: 2n,
    });
  });
});
