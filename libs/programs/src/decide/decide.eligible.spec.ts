import { paid, registered, started } from '../../test/activity.js';
import { grantsOf } from '../../test/granter-in-memory.js';
import { every, ladder } from '../../test/ladders.js';

const WEEKS = [
  paid('o1', '2024-11-11T10:00:00', 1),
  paid('o2', '2024-11-18T10:00:00', 1),
];

describe('who is eligible', () => {
  it('is paid what was reached in every period once the registration arrives last', () => {
    const program = ladder({ eligible: 'merchant.category == "food"' });
    const joined = registered('2024-11-01T10:00:00');
    expect(grantsOf(program, [...WEEKS, joined])).toEqual([
      'first: 100 ANY_IMP',
      'first: 100 ANY_IMP',
    ]);
    expect(grantsOf(program, [...WEEKS, joined, joined])).toHaveLength(2);
  });

  it('is nobody by a registration that does not make them so', () => {
    const program = ladder({ eligible: 'merchant.category == "food"' });
    const toys = registered('2024-11-01T10:00:00', { category: 'toys' });
    expect(grantsOf(program, [...WEEKS, toys])).toEqual([]);
  });

  it('is paid what was reached once anything else makes them so, as if that had been known', () => {
    const program = every(1, { eligible: 'merchant.followers >= 100' });
    const popular = started('s1', '2024-11-11T09:00:00', { followers: 100 });
    const more = paid('o3', '2024-11-11T12:00:00', 1);
    const once = ['every: 10 ANY_IMP', 'every: 10 ANY_IMP'];
    expect(grantsOf(program, [popular, WEEKS[0]!, more])).toEqual(once);
    expect(grantsOf(program, [WEEKS[0]!, popular, more])).toEqual(once);
    expect(grantsOf(program, [WEEKS[0]!, more, popular])).toEqual([
      'every: 20 ANY_IMP',
    ]);
  });

  it('is paid nothing anew by what leaves them as eligible as they were', () => {
    const program = every(1, { eligible: 'merchant.followers >= 100' });
    const popular = started('s1', '2024-11-11T09:00:00', { followers: 100 });
    const loved = started('s2', '2024-11-11T11:00:00', { followers: 200 });
    expect(grantsOf(program, [popular, WEEKS[0]!, loved])).toEqual([
      'every: 10 ANY_IMP',
    ]);
  });

  it('keeps what was paid when they are no longer', () => {
    const program = every(1, {
      eligible: 'merchant.followers < 100',
      takeBack: { refunds: 'difference', flags: 'difference' },
    });
    const popular = started('s1', '2024-11-11T11:00:00', { followers: 100 });
    const more = paid('o3', '2024-11-11T12:00:00', 1);
    expect(grantsOf(program, [WEEKS[0]!, popular, more])).toEqual([
      'every: 10 ANY_IMP',
    ]);
  });
});

describe('a goal over a lifetime in a window', () => {
  const window = {
    from: '2024-11-11T00:00:00+08:00',
    until: '2024-11-18T00:00:00+08:00',
  };
  const program = every(2, { window }, { period: 'lifetime' });
  const before = paid('o0', '2024-10-01T10:00:00', 1);
  const [within, after] = WEEKS;

  it('counts what was before the window, and pays in it', () => {
    expect(grantsOf(program, [before])).toEqual([]);
    expect(grantsOf(program, [before, within!])).toEqual(['every: 10 ANY_IMP']);
  });

  it('pays nothing before the window or after it', () => {
    const early = paid('o4', '2024-10-02T10:00:00', 1);
    expect(grantsOf(program, [before, early])).toEqual([]);
    expect(grantsOf(program, [within!, after!])).toEqual([]);
  });

  it('does not count what is after the window, which makes up for no refund', () => {
    const strict = every(
      1,
      { window, takeBack: { refunds: 'difference' } },
      { period: 'lifetime' },
    );
    const back = {
      ...within!,
      id: 'back',
      type: 'order.refunded',
      data: { orderId: 'o1', amountMinor: 1 },
    } as typeof before;
    expect(grantsOf(strict, [within!, after!, back])).toEqual([
      'every: 10 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
  });
});
