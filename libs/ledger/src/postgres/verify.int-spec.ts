import fc from 'fast-check';
import { inject } from 'vitest';
import { anyDraft, grantOf, NOW_MS, takingBack } from '../../test/entries.js';
import { commit, createLedger, type TestLedger } from '../../test/journal.js';
import { rewardMerchants } from '../../test/rewarded-merchants.js';
import { TAMPERINGS, tamper } from '../../test/tamper.js';
import { move } from '../entry.js';
import type { Finding } from '../verify.js';
import { readJournalHead } from './head.js';
import { commitToJournal } from './journal-writer.js';
import { countEntries, verifyLedger } from './verify.js';

const MERCHANTS = 5;
/** A budget and a grant each; the switch, a reserve, a delivery and a release each. */
const ENTRIES = 1n + 5n * BigInt(MERCHANTS);

describe('verifying a ledger', () => {
  let ledger: TestLedger;
  let nextShard = 0;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
  });
  afterAll(() => ledger.close());

  it('finds nothing wrong with what was committed, and reads all of it', async () => {
    const [rewarded, other] = [nextShard++, nextShard++];
    await rewardMerchants(ledger.pool, rewarded, MERCHANTS);
    const place = { journal: 'promotions', shard: other } as const;
    const drafts = fc.sample(anyDraft, 40).map((draft) => ({
      ...draft,
      postings: draft.postings.map((line) => ({ ...line, lotId: null })),
    }));
    await commit(ledger.pool, place, drafts.slice(0, 25));
    await commit(ledger.pool, place, []);
    await commit(ledger.pool, place, drafts.slice(25));
    const shards = [rewarded, other, nextShard++];
    expect(await verify(...shards)).toEqual({
      findings: [],
      verified: ENTRIES + 40n,
    });
    expect(await countEntries(ledger.pool, shards)).toBe(ENTRIES + 40n);
  });

  it('reads a journal page by page', async () => {
    const shard = nextShard++;
    await rewardMerchants(ledger.pool, shard, 1_001);
    const { findings, verified } = await verify(shard);
    expect(findings).toEqual([]);
    expect(verified).toBe(5_006n);
    await tamper(
      ledger.pool,
      `UPDATE entry SET kind = 'grant' WHERE shard = ${shard} AND journal = 'promotions' AND sequence = 4001`,
    );
    const { findings: found } = await verify(shard);
    expect(found).toMatchObject([{ entryId: `promotions-${shard}-4001` }]);
  });

  it.each(TAMPERINGS)('finds %s', async (_, statements, entryId, problem) => {
    const shard = nextShard++;
    const here = (text: string) => text.replaceAll('$', String(shard));
    await rewardMerchants(ledger.pool, shard, MERCHANTS);
    await tamper(ledger.pool, here(statements));
    const [first] = (await verify(shard)).findings;
    expect(first).toEqual({
      shard,
      entryId: entryId && here(entryId),
      problem: expect.stringContaining(here(problem)) as string,
    });
  });

  it('finds a lot of which more was used than granted', async () => {
    const shard = nextShard++;
    await ledger.pool.query(
      'ALTER TABLE lot_use DROP CONSTRAINT lot_not_below_zero',
    );
    await rewardMerchants(ledger.pool, shard, 1);
    // Another lot, so that the merchant has enough.
    await commit(ledger.pool, { journal: 'grants', shard }, [
      { ...grantOf(500n, 'm1', `grants-${shard}-3`) },
    ]);
    const lotId = `grants-${shard}-2`;
    const overspent = {
      ...grantOf(1n),
      kind: 'reserve' as const,
      postings: move('ANY_IMP', 601n, 'available', 'reserved', lotId),
    };
    await commit(
      ledger.pool,
      { journal: 'promotions', shard },
      [overspent],
      undefined,
      () => [
        {
          text: 'UPDATE lot_use SET reserved = 601 WHERE shard = $1',
          values: [shard],
        },
      ],
    );
    expect((await verify(shard)).findings).toMatchObject([
      { problem: `grants-${shard}-3 is a grant without its row in lot` },
      {
        entryId: lotId,
        problem: `lot ${lotId} is below zero: 1000 were granted, and {601,400,0,0} are (reserved, spent, expired, clawed back)`,
      },
    ]);
  });

  it('finds what was to be taken back and was passed over', async () => {
    const shard = nextShard++;
    await rewardMerchants(ledger.pool, shard, 1);
    const lotId = `grants-${shard}-2`;
    await commit(ledger.pool, { journal: 'grants', shard }, [
      takingBack(lotId, 500n),
    ]);
    // It may be that the promoter has not come so far.
    expect((await verify(shard)).findings).toEqual([]);
    await commitToJournal(ledger.pool, {
      journal: 'promotions',
      shard,
      head: await readJournalHead(ledger.pool, 'promotions', shard),
      consumed: { grants: 4n },
      drafts: [],
      nowMs: NOW_MS,
    });
    expect((await verify(shard)).findings).toEqual([
      {
        shard,
        entryId: `grants-${shard}-3`,
        problem: `grants-${shard}-3 takes ${lotId} back, but the promoter has passed over it`,
      },
    ]);
  });

  it('finds what is in shards and journals that there are not', async () => {
    await tamper(
      ledger.pool,
      `INSERT INTO shard_balance VALUES (64, 'grants', 'issuance', 'CNY', 1);
       INSERT INTO posting VALUES (63, 'hidden', 1, 0, 'a', 'CNY', 1, NULL, 1)`,
    );
    const { findings } = await verify(nextShard++);
    expect(findings.map(({ problem }) => problem)).toEqual([
      'posting has rows in journal hidden of shard 63, which there is not',
      'shard_balance has rows in shard 64, which there is not',
    ]);
  });

  async function verify(...shards: number[]) {
    const findings: Finding[] = [];
    const verified = await verifyLedger(ledger.pool, {
      shards,
      onFinding: (finding) => findings.push(finding),
    });
    return { findings, verified };
  }
});
