import { assertBalanced } from './entry.js';
import {
  leaseDraft,
  leasedAccount,
  passageOf,
  type LeaseStep,
} from './lease.js';

const passage = {
  program: 'double-11',
  unit: 'ANY_IMP',
  fromShard: 3,
  toShard: 17,
} as const;

describe('a slice of a pool', () => {
  it('stands under the name of its passage while it is under way', () => {
    expect(leasedAccount(passage)).toBe('leased:double-11.3-17');
    expect(passageOf('leased:double-11.3-17', 'ANY_IMP')).toEqual(passage);
  });

  it.each(['pool:double-11.3-17', 'leased:double-11', 'leased:a.3-x', ''])(
    'goes over no passage in %s',
    (account) => {
      expect(passageOf(account, 'CNY')).toBeNull();
    },
  );

  it.each([
    ['lend', 'pool:double-11', 'leased:double-11.3-17'],
    ['return', 'pool:double-11', 'leased:double-11.3-17'],
    ['borrow', 'leased:double-11.3-17', 'pool:double-11'],
    ['reclaim', 'leased:double-11.3-17', 'pool:double-11'],
  ] as [LeaseStep, string, string][])(
    'by %s goes from %s to %s',
    (step, from, to) => {
      const draft = leaseDraft(step, { passage, amount: 5n }, 7);
      assertBalanced(draft);
      expect(draft).toEqual({
        kind: 'lease',
        merchantId: null,
        occurredAtMs: 7,
        postings: [
          { account: from, unit: 'ANY_IMP', amount: -5n, lotId: null },
          { account: to, unit: 'ANY_IMP', amount: 5n, lotId: null },
        ],
        cause: { type: 'pool_leased', step, ...passage },
      });
    },
  );

  it('says what its loan was decided on', () => {
    const slice = { passage, amount: 5n };
    expect(
      leaseDraft('lend', slice, 7, { left: 2n ** 60n, needed: 3n }).cause,
    ).toMatchObject({ left: '1152921504606846976', needed: 3 });
    const ahead = leaseDraft('lend', slice, 7, { left: 9n, needed: 0n });
    expect(ahead.cause).not.toHaveProperty('needed');
  });
});
