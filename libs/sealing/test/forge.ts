import { chainHashOfNamed, EMPTY_CHAIN, JOURNALS } from '@app/ledger';
import {
  readStoredPages,
  rebuildDerivedTables,
  type Pool,
} from '@app/ledger/postgres';
import { tamper } from '../../ledger/test/tamper.js';

/**
 * Makes the ledger consistent again after entries were changed, as somebody would who can write everything: hashes
 * from the first entry on, heads, and all that follows from the journals.
 */
export async function rewriteConsistently(
  pool: Pool,
  shardCount: number,
): Promise<void> {
  for (let shard = 0; shard < shardCount; shard += 1)
    for (const journal of JOURNALS) {
      let last = EMPTY_CHAIN.hash;
      const client = await pool.connect();
      const hashes: { sequence: bigint; hash: Buffer }[] = [];
      for await (const { entries } of readStoredPages(client, journal, shard))
        for (const entry of entries) {
          last = chainHashOfNamed(last, entry);
          hashes.push({ sequence: entry.sequence, hash: last });
        }
      client.release();
      if (hashes.length === 0) continue;
      await tamper(
        pool,
        [
          ...hashes.map(
            ({ sequence, hash }) =>
              `UPDATE entry SET hash = '\\x${hash.toString('hex')}' WHERE shard = ${shard} AND journal = '${journal}' AND sequence = ${sequence}`,
          ),
          `UPDATE shard_head SET hash = '\\x${last.toString('hex')}' WHERE shard = ${shard} AND journal = '${journal}'`,
          // Running balances are no part of a hash.
          `UPDATE posting SET balance = running.balance FROM (
             SELECT shard, journal, sequence, line, sum(amount) OVER (
               PARTITION BY shard, journal, account, unit ORDER BY sequence, line) AS balance FROM posting) AS running
           WHERE (posting.shard, posting.journal, posting.sequence, posting.line)
             = (running.shard, running.journal, running.sequence, running.line)`,
        ].join(';\n'),
      );
    }
  await rebuildDerivedTables(pool, { write: true });
}

/** Cuts off all that was sealed after a block, and the later blocks with it: nothing in the database tells of it. */
export async function cutOffAfter(pool: Pool, block: number): Promise<void> {
  await tamper(
    pool,
    `
    CREATE TEMPORARY TABLE left_over ON COMMIT DROP AS
      SELECT shard, journal, max(last_sequence) AS last FROM sealed_range WHERE block <= ${block} GROUP BY 1, 2;
    ${['posting', 'entry', 'journal_batch']
      .map(
        (table) =>
          `DELETE FROM ${table} WHERE sequence > coalesce((SELECT last FROM left_over
             WHERE left_over.shard = ${table}.shard AND left_over.journal = ${table}.journal), 0)`,
      )
      .join('; ')};
    DELETE FROM shard_head WHERE NOT EXISTS (
      SELECT FROM journal_batch AS batch WHERE batch.shard = shard_head.shard AND batch.journal = shard_head.journal);
    UPDATE shard_head SET (revision, sequence, consumed, recorded_at, hash) = (
      SELECT revision, sequence, consumed, recorded_at, (
        SELECT hash FROM entry WHERE entry.shard = last.shard AND entry.journal = last.journal
          AND entry.sequence = last.sequence)
      FROM journal_batch AS last WHERE last.shard = shard_head.shard AND last.journal = shard_head.journal
      ORDER BY revision DESC LIMIT 1);
    DELETE FROM checkpoint WHERE size > (SELECT position + 1 FROM sealed_block WHERE block = ${block});
    ${['sealed_block', 'sealed_range', 'sealed_balances']
      .map((table) => `DELETE FROM ${table} WHERE block > ${block}`)
      .join('; ')};
    DROP TABLE left_over`,
  );
  await rebuildDerivedTables(pool, { write: true });
}

/** Forgets that anything was ever sealed. */
export async function unseal(pool: Pool): Promise<void> {
  await tamper(
    pool,
    'TRUNCATE sealed_block, sealed_range, sealed_balances, checkpoint',
  );
}
