import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { move, type Finding } from '@app/ledger';
import {
  inTransaction,
  rebuildDerivedTables,
  shardReaders,
  verifyLedger,
} from '@app/ledger/postgres';
import { leafHash, LogDirectory } from '@app/transparency';
import { grantOf } from '../../../ledger/test/entries.js';
import { commit } from '../../../ledger/test/journal.js';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import { tamper } from '../../../ledger/test/tamper.js';
import { encodeBlock, type Block, type SealedHead } from '../block.js';
import { cutOffAfter, rewriteConsistently, unseal } from '../../test/forge.js';
import { budgetOf, SealedLedger, SHARD_COUNT } from '../../test/sealing.js';
import { proveBalances } from './prove-balance.js';
import { readLastBlock } from './sealed.js';
import { firstBlockOfOtherBalances } from './verify-balances.js';
import { SealVerifier, type KnownHead, type LogCopy } from './verify-seal.js';

describe('verifying a sealed ledger', () => {
  let ledger: SealedLedger;
  let kept: KnownHead;
  let log: LogCopy;

  beforeEach(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    const sealer = await ledger.open();
    await rewardMerchants(ledger.pool, 0, 5);
    await rewardMerchants(ledger.pool, 2, 5);
    await sealer.seal();
    await rewardMerchants(ledger.pool, 1, 5);
    await rewardMerchants(ledger.pool, 3, 5);
    await sealer.seal();
    const { size, root } = await ledger.checkpoint();
    kept = { size, root, source: 'the kept checkpoint' };
    const directory = new LogDirectory(ledger.logDirectory);
    log = { size, read: (path) => directory.read(path) };
  });
  afterEach(() => ledger.close());

  it('finds nothing wrong with what was sealed, and goes on while more is written', async () => {
    await commit(ledger.pool, { journal: 'grants', shard: 1 }, [budgetOf(9n)]);
    expect(kept.size).toBe(4 * 26 + 2);
    expect(await verify({ log })).toEqual([]);
    expect(await verify({ log: null })).toEqual([]);
  });

  it('finds nothing wrong with blocks that have no entries, and one that is missing', async () => {
    const idle = await ledger.open({ nowMs: () => Date.now() + 3_600_000 });
    await idle.seal();
    const known = [kept, { ...(await ledger.checkpoint()), source: 'now' }];
    expect(known[1]!.size).toBe(kept.size + 1);
    expect(await verify({ known, log: null })).toEqual([]);
    await tamper(ledger.pool, `DELETE FROM sealed_block WHERE block = 2`);
    expect(await verify({ known, log: null })).toEqual([
      {
        shard: null,
        entryId: null,
        problem: `now is of ${kept.size + 1} positions, but the ledger is sealed up to ${kept.size}: entries were cut off`,
      },
    ]);
  });

  it('takes a copy of the log and a checkpoint from any time before', async () => {
    const sealer = await ledger.open();
    await commit(ledger.pool, { journal: 'grants', shard: 1 }, [budgetOf(9n)]);
    await sealer.seal();
    expect(await verify({ log })).toEqual([]);
  });

  it('finds one byte that was edited in an old row', async () => {
    await tamper(
      ledger.pool,
      `UPDATE entry SET cause = replace(cause::text, '1-order', '2-order')::json
       WHERE shard = 0 AND journal = 'grants' AND sequence = 3`,
    );
    const findings = await verify({ log });
    expect(findings[0]).toMatchObject({
      entryId: 'grants-0-3',
      problem: expect.stringContaining('grants-0-3 was changed') as string,
    });
    expect(findings.at(-1)?.problem).toBe(
      'grants-0-3, at position 2, is not what the log has',
    );
  });

  it('finds an entry that was deleted in the middle', async () => {
    await tamper(
      ledger.pool,
      `DELETE FROM posting WHERE shard = 2 AND journal = 'promotions' AND sequence = 7;
       DELETE FROM entry WHERE shard = 2 AND journal = 'promotions' AND sequence = 7`,
    );
    const findings = await verify({ log: null });
    expect(findings[0]).toMatchObject({ problem: 'promotions-2-7 is missing' });
    expect(findings.at(-1)).toMatchObject({
      entryId: 'promotions-2-7',
      problem: 'promotions-2-7, at position 38, is sealed, but is not there',
    });
  });

  it('finds a tail that was cut off everywhere in the database', async () => {
    await cutOffAfter(ledger.pool, 0);
    const told = [
      {
        shard: null,
        entryId: null,
        problem:
          'the kept checkpoint is of 106 positions, but the ledger is sealed up to 53: entries were cut off',
      },
    ];
    expect(await verify({ log: null })).toEqual(told);
    expect(await verify({ log, known: [] })).toEqual([]);
  });

  it('finds a history that was rewritten consistently, and sealed again', async () => {
    const changed = `WHERE shard = 2 AND journal = 'promotions' AND sequence = 3`;
    await tamper(
      ledger.pool,
      `UPDATE posting SET amount = amount / 2 ${changed};
       UPDATE entry SET cause = replace(cause::text, '400', '200')::json ${changed}`,
    );
    await rewriteConsistently(ledger.pool, SHARD_COUNT);
    expect(await verify({ known: [], log: null, unsealed: true })).toEqual([]);
    const findings = await verify({ log });
    expect(findings.map(({ problem }) => problem)).toContain(
      'promotions-2-3, at position 34, is not what the log has',
    );
    // With the key in hand, and in a log of its own: whoever kept a checkpoint knows all the same.
    await unseal(ledger.pool);
    const forged = await ledger.open({
      storage: new LogDirectory(`${ledger.directory}/forged`),
      history: {
        last: () => Promise.resolve(undefined),
        append: () => Promise.resolve(),
      },
    });
    await forged.seal();
    await commit(ledger.pool, { journal: 'grants', shard: 1 }, [budgetOf(9n)]);
    await forged.seal();
    expect(await verify({ known: [], log: null })).toEqual([]);
    expect(await verify({ log: null })).toEqual([
      {
        shard: null,
        entryId: null,
        problem:
          'the kept checkpoint of 106 positions has another root than the ledger makes: an entry in one of them is not what was sealed',
      },
    ]);
  });

  describe('and its balances', () => {
    it('finds nothing wrong after several blocks of both journals and all shards', async () => {
      await sealMore();
      // The lots of what was granted.
      await rebuildDerivedTables(ledger.pool, { write: true });
      expect(await verify({ log: null })).toEqual([]);
    });

    it('comes to the same however many entries are read at a time', async () => {
      const last = await sealMore();
      for (const entriesATime of [1, 3, 1_000])
        for (let shard = 0; shard < SHARD_COUNT; shard += 1)
          expect(
            await firstBlockOfOtherBalances(
              ledger.pool,
              shard,
              last,
              entriesATime,
            ),
          ).toBe(null);
    });

    it('finds the block that sealed a false balance, though it was taken back behind it', async () => {
      const shard = shardOf('m2', SHARD_COUNT);
      const add = (amount: number) =>
        tamper(
          ledger.pool,
          `UPDATE merchant_balance SET amount = amount + ${amount}
           WHERE shard = ${shard} AND journal = 'grants' AND merchant_id = 'm2' AND account = 'available'`,
        );
      await add(999_999);
      const number = await sealOne(shard);
      expect(await provenOf('m2')).toContainEqual({
        account: 'merchant:m2:available',
        unit: 'ANY_IMP',
        balance: 1_000_599n,
      });
      await add(-999_999);
      await sealOne(shard);
      expect(await verify({ log: null })).toEqual([
        {
          shard,
          entryId: null,
          problem: `block ${number} sealed other balances of shard ${shard} than the postings up to it make`,
        },
      ]);
    });

    it('finds roots that were overwritten beside the leaves', async () => {
      await tamper(
        ledger.pool,
        `UPDATE sealed_block SET balance_root = sha256('x');
         UPDATE sealed_balances SET root = sha256('x')`,
      );
      const problems = (await verify({ log })).map(({ problem }) => problem);
      const others = [0, 2, 1, 3].map(
        (shard) =>
          `block ${shard % 2} sealed other balances of shard ${shard} than the postings up to it make`,
      );
      expect(problems.sort()).toEqual(
        [
          'block 0 has another balance root in sealed_block than in its leaf',
          'block 1 has another balance root in sealed_block than in its leaf',
          'block 0 has another balance root than the roots of its shards in sealed_balances make',
          ...others,
        ].sort(),
      );
    });

    it('finds a place and a time that were overwritten beside the leaf', async () => {
      await tamper(
        ledger.pool,
        `UPDATE sealed_block SET sealed_at = sealed_at - interval '1 day' WHERE block = 1;
         UPDATE sealed_block SET first_position = first_position - 1 WHERE block = 1`,
      );
      expect((await verify({ log })).map(({ problem }) => problem)).toEqual([
        'block 1 has another first position in sealed_block than in its leaf',
        'block 1 has another time of sealing in sealed_block than in its leaf',
      ]);
    });

    it('finds a root of a shard that is gone', async () => {
      await tamper(
        ledger.pool,
        'DELETE FROM sealed_balances WHERE block = 1 AND shard = 3',
      );
      expect((await verify({ log })).map(({ problem }) => problem)).toEqual([
        'block 1 has another balance root than the roots of its shards in sealed_balances make',
      ]);
    });

    /** @returns the number of the last block */
    async function sealMore(): Promise<number> {
      const sealer = await ledger.open();
      /** @param ahead the entries that the journal has: a lot is named after its grant */
      const grants = (shard: number, ahead: number, ...merchants: string[]) =>
        commit(ledger.pool, { journal: 'grants', shard }, [
          budgetOf(100n),
          ...merchants.map((merchant, i) =>
            grantOf(1n, merchant, `grants-${shard}-${ahead + 2 + i}`),
          ),
        ]);
      await grants(0, 6, 'm1', 'somebody: new', 'm1');
      await grants(3, 6, 'm5');
      await sealer.seal();
      await grants(0, 10, 'somebody: new');
      await commit(ledger.pool, { journal: 'promotions', shard: 2 }, [
        {
          ...budgetOf(50n),
          kind: 'reserve',
          merchantId: 'm1',
          postings: move('ANY_IMP', 50n, 'available', 'reserved', 'grants-2-2'),
        },
      ]);
      await sealer.seal();
      await grants(2, 6, 'm2', 'm3');
      await sealer.seal();
      return (await readLastBlock(ledger.pool))!.number;
    }

    /** A block of one entry. @returns its number */
    async function sealOne(shard: number): Promise<number> {
      await commit(ledger.pool, { journal: 'grants', shard }, [budgetOf(9n)]);
      await (await ledger.open()).seal();
      return (await readLastBlock(ledger.pool))!.number;
    }

    async function provenOf(merchantId: string) {
      return inTransaction(ledger.pool, async (client) => {
        const block = (await readLastBlock(client))!;
        return (await proveBalances(client, merchantId, block)).balances;
      });
    }
  });

  it.each<[string, (block: Block) => Partial<Block>, string]>([
    [
      'another hash than its last entry',
      ({ heads: [first, ...more] }) => ({
        heads: [{ ...first!, hash: Buffer.alloc(32, 1) }, ...more],
      }),
      'block 1 says another hash of grants-1-6 than it has',
    ],
    [
      'fewer shards, so that a merchant is looked for where it has nothing',
      ({ shardCount }) => ({ shardCount: shardCount / 2 }),
      'block 1 is of 2 shards, but the ledger has 4',
    ],
    [
      'more entries than its heads bring',
      ({ entryCount }) => ({ entryCount: entryCount + 1 }),
      'block 1 counts 53 entries, but its heads bring 52',
    ],
    [
      'a time ahead of the block before',
      ({ sealedAtMs }) => ({ sealedAtMs: sealedAtMs - 86_400_000 }),
      'block 1 was sealed before the one ahead',
    ],
  ])('finds a block that was sealed with %s', async (_, forge, problem) => {
    const block = (await readLastBlock(ledger.pool))!;
    const forged = { ...block, ...forge(block) };
    const [{ hash }] = forged.heads as [SealedHead];
    await tamper(
      ledger.pool,
      `UPDATE sealed_block SET leaf = '\\x${encodeBlock(forged).toString('hex')}',
         sealed_at = to_timestamp(${forged.sealedAtMs / 1_000}) WHERE block = 1;
       UPDATE sealed_range SET last_hash = '\\x${hash.toString('hex')}'
         WHERE block = 1 AND shard = 1 AND journal = 'grants'`,
    );
    const problems = (await verify({ known: [], log: null })).map(
      (finding) => finding.problem,
    );
    expect(problems).toContain(problem);
  });

  it.each([
    [
      'a block that is gone',
      'DELETE FROM sealed_block WHERE block = 0',
      'block 0 at position 0 is missing: block 1 at 53 comes next',
    ],
    [
      'a range of another block',
      `UPDATE sealed_range SET last_hash = sha256('x') WHERE shard = 2 AND journal = 'grants'`,
      'block 0 does not have the entries that sealed_range says',
    ],
    [
      'what a journal had consumed',
      `UPDATE journal_batch SET consumed = '{"topic": 7}' WHERE shard = 1 AND journal = 'grants' AND revision = 2`,
      'no batch of grants-1 had consumed what block 1 says',
    ],
    [
      'entries that are said to be sealed, in a block that there is not',
      `INSERT INTO sealed_range SELECT shard, journal, last_sequence + 1, last_sequence + 9, last_hash, 106, 2
       FROM sealed_range WHERE block = 1 AND journal = 'grants'`,
      'sealed_range has rows of block 2, which there is not',
    ],
    [
      'balances that are said to be sealed, in a block that there is not',
      `INSERT INTO sealed_balances SELECT shard, 7, root FROM sealed_balances WHERE block = 1`,
      'sealed_balances has rows of block 7, which there is not',
    ],
  ])('finds %s', async (_, change, problem) => {
    await tamper(ledger.pool, change);
    const problems = (await verify({ log })).map((finding) => finding.problem);
    expect(problems).toContain(problem);
  });

  async function verify({
    known = [kept],
    log: copy,
    unsealed = false,
  }: {
    known?: KnownHead[];
    log: LogCopy | null;
    /** Whether the seal is not looked at. */
    unsealed?: boolean;
  }): Promise<Finding[]> {
    const findings: Finding[] = [];
    const onFinding = (finding: Finding) => findings.push(finding);
    const seal = await SealVerifier.create(ledger.pool);
    try {
      await verifyLedger(ledger.pool, {
        shards: Array.from({ length: SHARD_COUNT }, (_, i) => i),
        verifiers: shardReaders(ledger.pool, leafHash),
        onFinding,
        onPage: (shard, page) => seal.take(shard, page),
      });
      if (!unsealed)
        for await (const finding of seal.end(known, copy)) onFinding(finding);
    } finally {
      await seal.close();
    }
    return findings;
  }
});
