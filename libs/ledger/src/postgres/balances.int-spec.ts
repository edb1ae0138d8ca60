import fc from 'fast-check';
import { inject } from 'vitest';
import { anyDraft, grantOf } from '../../test/entries.js';
import { commit, createLedger, type TestLedger } from '../../test/journal.js';
import { chainHash, EMPTY_CHAIN } from '../chain.js';
import { JOURNALS, move, type EntryDraft } from '../entry.js';
import { readEntries, readTips } from './read.js';

const RUNS = 15;

describe('whatever is committed', () => {
  let ledger: TestLedger;
  let nextShard = 0;

  const anyCommits = fc.array(
    fc.record({
      journal: fc.constantFrom(...JOURNALS),
      drafts: fc.array(anyDraft, { maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  type Commits = typeof anyCommits extends fc.Arbitrary<infer C> ? C : never;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
  });
  afterAll(() => ledger.close());

  it('balances are the sums of the postings, by merchant and by shard', async () => {
    await check(async (shard) => {
      expect(await off('merchant_balance', MERCHANT_SUMS, shard)).toEqual([]);
      expect(await off('shard_balance', SHARD_SUMS, shard)).toEqual([]);
    });
  });

  it('a posting says where its account stood after it', async () => {
    await check(async (shard) => {
      const { rows } = await ledger.pool.query(
        `SELECT * FROM (
           SELECT posting.*, sum(amount) OVER (
             PARTITION BY journal, account, unit ORDER BY sequence, line) AS running
           FROM posting WHERE shard = $1) AS line
         WHERE balance <> running`,
        [shard],
      );
      expect(rows).toEqual([]);
    });
  });

  it('what a shard stood at after its last commit is what it has', async () => {
    await check(async (shard) => {
      const { rows } = await ledger.pool.query(
        `SELECT * FROM shard_balance AS kept NATURAL FULL JOIN (
           SELECT DISTINCT ON (journal, account, unit) shard, journal, account, unit, amount AS told
           FROM shard_balance_at WHERE shard = $1 ORDER BY journal, account, unit, sequence DESC) AS at
         WHERE shard = $1 AND kept.amount IS DISTINCT FROM at.told`,
        [shard],
      );
      expect(rows).toEqual([]);
    });
  });

  it.each(['available', 'reserved', 'payable'] as const)(
    'a merchant never has less than nothing %s',
    async (account) => {
      const shard = nextShard++;
      const draft = (amount: bigint): EntryDraft => ({
        ...grantOf(amount),
        postings: move('ANY_IMP', amount, account, 'spent:live', 'lot-1'),
      });
      const fill = {
        ...grantOf(10n),
        postings: move('ANY_IMP', 10n, 'pool:ladder', account, 'lot-1'),
      };
      await commit(ledger.pool, { journal: 'grants', shard }, [fill]);
      const spend = { journal: 'promotions', shard } as const;
      await commit(ledger.pool, spend, [draft(4n)]);
      await expect(commit(ledger.pool, spend, [draft(7n)])).rejects.toThrow(
        `${account} of merchant m1 would fall to -1 ANY_IMP`,
      );
      await commit(ledger.pool, spend, [draft(6n)]);
    },
  );

  it('every unit sums to zero', async () => {
    await check(async (shard) => {
      const { rows } = await ledger.pool.query(
        `SELECT unit, sum(amount) FROM shard_balance WHERE shard = $1
         GROUP BY unit HAVING sum(amount) <> 0`,
        [shard],
      );
      expect(rows).toEqual([]);
    });
  });

  it('is read back entry by entry, and makes the same hashes', async () => {
    await check(async (shard, commits) => {
      for (const journal of JOURNALS) {
        const drafts = commits.flatMap((one) =>
          one.journal === journal ? one.drafts : [],
        );
        const entries = await readEntries(ledger.pool, journal, shard, 1n, 100);
        expect(entries).toMatchObject(drafts);
        let hash = EMPTY_CHAIN.hash;
        for (const entry of entries) {
          hash = chainHash(hash, entry);
          expect(hash).toEqual(entry.hash);
        }
        const tips = await readTips(ledger.pool, journal, [shard]);
        expect(tips.get(shard) ?? 0n).toBe(BigInt(drafts.length));
      }
    });
  });

  it('is read in parts from any place', async () => {
    const place = { journal: 'grants', shard: nextShard++ } as const;
    const drafts = fc.sample(anyDraft, 5);
    const { entries } = (await commit(ledger.pool, place, drafts))!;
    const read = (from: bigint, limit: number) =>
      readEntries(ledger.pool, place.journal, place.shard, from, limit);
    expect(await read(2n, 3)).toEqual(entries.slice(1, 4));
    expect(await read(5n, 3)).toEqual(entries.slice(4));
    expect(await read(6n, 3)).toEqual([]);
  });

  /** Makes commits in a shard of their own, and checks it. */
  async function check(
    property: (shard: number, commits: Commits) => Promise<void>,
  ): Promise<void> {
    await fc.assert(
      fc.asyncProperty(anyCommits, async (commits) => {
        const shard = nextShard++;
        for (const { journal, drafts } of commits)
          await commit(ledger.pool, { journal, shard }, drafts);
        await property(shard, commits);
      }),
      { numRuns: RUNS },
    );
  }

  /** The balances that are kept and are not the sums, or are sums and not kept. */
  async function off(
    table: string,
    sums: string,
    shard: number,
  ): Promise<unknown[]> {
    const { rows } = await ledger.pool.query(
      `SELECT * FROM (SELECT * FROM ${table} WHERE shard = $1 AND amount <> 0) AS kept
       NATURAL FULL JOIN (${sums}) AS summed
       WHERE summed.total IS DISTINCT FROM kept.amount`,
      [shard],
    );
    return rows as unknown[];
  }
});

const SUM_OF_POSTINGS = `sum(amount)::bigint AS total
  FROM posting JOIN entry USING (shard, journal, sequence) WHERE shard = $1`;
// A posting names its account in full, a balance by its class: `merchant:m1:available` is `available` of m1.
const CLASS = `CASE WHEN account LIKE 'merchant:%' THEN substring(account from '[^:]*$') ELSE account END`;
const SHARD_SUMS = `
  SELECT shard, journal, ${CLASS} AS account, unit, ${SUM_OF_POSTINGS}
  GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0`;
const MERCHANT_SUMS = `
  SELECT shard, journal, merchant_id, ${CLASS} AS account, unit, ${SUM_OF_POSTINGS}
    AND account <> 'issuance' AND account NOT LIKE 'pool:%'
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0`;
