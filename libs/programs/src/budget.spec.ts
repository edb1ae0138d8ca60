import fc from 'fast-check';
import { smallProgram } from '../test/programs.js';
import { budgetDrafts } from './budget.js';
import { programHash } from './program.js';

const PUBLISHED_AT = Date.parse('2024-11-01T00:00:00Z');

describe('budgetDrafts', () => {
  it('moves a slice of each pool out of issuance, and says by which version', () => {
    const pools = { LIVE_IMP: 7, ANY_IMP: 1_000 };
    const program = smallProgram({ version: 2, pools });
    expect(
      budgetDrafts(program, { shard: 1, shardCount: 4 }, PUBLISHED_AT),
    ).toEqual(
      [
        { unit: 'LIVE_IMP', amount: 2n },
        { unit: 'ANY_IMP', amount: 250n },
      ].map(({ unit, amount }) => ({
        kind: 'budget',
        merchantId: null,
        occurredAtMs: PUBLISHED_AT,
        postings: [
          { account: 'issuance', unit, amount: -amount, lotId: null },
          { account: 'pool:small', unit, amount, lotId: null },
        ],
        cause: {
          type: 'program_published',
          program: 'small',
          version: 2,
          programHash: programHash(program),
        },
      })),
    );
  });

  it('gives no entry to a shard without a share: a pool of 3 over 4 shards', () => {
    const program = smallProgram({ pools: { ANY_IMP: 3 } });
    const drafts = [0, 1, 2, 3].map((shard) =>
      budgetDrafts(program, { shard, shardCount: 4 }, PUBLISHED_AT),
    );
    expect(drafts.map(({ length }) => length)).toEqual([1, 1, 1, 0]);
  });

  it('hands out each pool exactly, in slices that differ by one at most', () => {
    const amounts = fc.maxSafeNat().map((amount) => Math.max(1, amount));
    const shardCounts = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(amounts, shardCounts, (amount, shardCount) => {
        const program = smallProgram({ pools: { ANY_IMP: amount } });
        const slices = Array.from({ length: shardCount }, (_, shard) =>
          budgetDrafts(program, { shard, shardCount }, PUBLISHED_AT),
        ).map(([draft]) => draft?.postings[1]!.amount ?? 0n);
        expect(slices.reduce((a, b) => a + b)).toBe(BigInt(amount));
        const [most, least] = [slices[0]!, slices.at(-1)!];
        expect(most - least).toBeLessThanOrEqual(1n);
        expect(slices.every((n) => least <= n && n <= most)).toBe(true);
      }),
    );
  });

  it.each([-1, 4, NaN])('refuses shard %d of 4', (shard) => {
    expect(() =>
      budgetDrafts(smallProgram(), { shard, shardCount: 4 }, PUBLISHED_AT),
    ).toThrow(RangeError);
  });
});
