import { inject } from 'vitest';
import type { Finding } from '@app/ledger';
import { shardReaders, verifyLedger } from '@app/ledger/postgres';
import { leafHash, LogDirectory } from '@app/transparency';
import { commit } from '../../../ledger/test/journal.js';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import { tamper } from '../../../ledger/test/tamper.js';
import { cutOffAfter, rewriteConsistently, unseal } from '../../test/forge.js';
import { budgetOf, SealedLedger, SHARD_COUNT } from '../../test/sealing.js';
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
