import { encodeEntry, type Journal } from '@app/ledger';
import { readEntries } from '@app/ledger/postgres';
import { openCheckpoint } from '@app/transparency';
import { inject } from 'vitest';
import { grantOf } from '../../../ledger/test/entries.js';
import { commit } from '../../../ledger/test/journal.js';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import {
  budgetOf,
  LOG,
  SealedLedger,
  SHARD_COUNT,
} from '../../test/sealing.js';
import { decodeBlock, isBlockLeaf } from '../block.js';
import { rangesOf, SealCursors } from '../order.js';
import { acquireSealLock } from './lock.js';
import { readCheckpoint, readPlace, readPosition } from './sealed.js';

describe('the sealer', () => {
  let ledger: SealedLedger;

  beforeEach(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
  });
  afterEach(() => ledger.close());

  it('gives every entry one place, by shard, grants before promotions', async () => {
    await rewardMerchants(ledger.pool, 2, 3);
    await rewardMerchants(ledger.pool, 0, 2);
    const sealer = await ledger.open();
    expect(await sealer.seal()).toBe(27);

    const leaves = await ledger.leaves();
    const expected = await encodedEntries([
      ['grants', 0],
      ['promotions', 0],
      ['grants', 2],
      ['promotions', 2],
    ]);
    expect(leaves.slice(0, -1)).toEqual(expected);
    const block = decodeBlock(leaves.at(-1)!);
    expect(block).toMatchObject({
      number: 0,
      firstPosition: 0,
      entryCount: 27,
      shardCount: SHARD_COUNT,
    });
    expect(block.heads.map(({ consumed }) => consumed)).toEqual([
      { topic: 2n },
      { topic: 1n },
      { topic: 2n },
      { topic: 1n },
    ]);
    expect(sealer.progress).toMatchObject({ positions: 28, blocks: 1 });
    expect(await sealer.countUnsealed()).toBe(0);
  });

  it('has long and short journals side by side in a block', async () => {
    await rewardMerchants(ledger.pool, 0, 2);
    await rewardMerchants(ledger.pool, 1, 1_001);
    await rewardMerchants(ledger.pool, 2, 1);
    await rewardMerchants(ledger.pool, 3, 3);
    const sealer = await ledger.open();
    await sealer.seal();
    const leaves = await ledger.leaves();
    const expected = await encodedEntries(
      [0, 1, 2, 3].flatMap((shard) => [
        ['grants', shard],
        ['promotions', shard],
      ]),
    );
    expect(leaves.slice(0, -1)).toEqual(expected);
  });

  it('goes on where it was, block by block, and writes nothing where nothing is new', async () => {
    const sealer = await ledger.open();
    expect(await sealer.seal()).toBe(0);
    await rewardMerchants(ledger.pool, 1, 2);
    expect(await sealer.countUnsealed()).toBe(11);
    expect(await sealer.seal()).toBe(11);
    expect(await sealer.seal()).toBe(0);
    await commitGrants(3, 2);
    await commitGrants(1, 1);
    expect(await sealer.seal()).toBe(3 + 1);
    const { size } = await ledger.checkpoint();
    expect(size).toBe(11 + 1 + 4 + 1);

    const cursors = new SealCursors();
    const leaves = await ledger.leaves();
    const blocks = leaves.filter(isBlockLeaf).map(decodeBlock);
    expect(blocks.map(({ number }) => number)).toEqual([0, 1]);
    for (const block of blocks) {
      const { entryCount } = rangesOf(block, cursors);
      expect(entryCount).toBe(block.entryCount);
      cursors.advance(block.heads);
    }
    expect(cursors.of('grants', 1).sequence).toBe(4n);
  });

  it('says every ten minutes that nothing was recorded', async () => {
    const startMs = Date.now();
    let passedMs = 0;
    const sealer = await ledger.open({ nowMs: () => startMs + passedMs });
    const sealAfter = async (minutes: number) => {
      passedMs += minutes * 60_000;
      const entries = await sealer.seal();
      return [entries, sealer.progress.positions];
    };
    expect(await sealAfter(60)).toEqual([0, 0]);
    await commitGrants(1, 1);
    expect(await sealAfter(0)).toEqual([2, 3]);
    expect(await sealAfter(9)).toEqual([0, 3]);
    expect(await sealAfter(1)).toEqual([0, 4]);
    expect(await sealAfter(9)).toEqual([0, 4]);
    await commitGrants(2, 1);
    expect(await sealAfter(0)).toEqual([2, 7]);
    expect(await sealer.countUnsealed()).toBe(0);

    const blocks = (await ledger.leaves()).filter(isBlockLeaf).map(decodeBlock);
    expect(
      blocks.map(({ firstPosition, entryCount, heads }) => [
        firstPosition,
        entryCount,
        heads.length,
      ]),
    ).toEqual([
      [0, 2, 1],
      [3, 0, 0],
      [4, 2, 1],
    ]);
    expect(blocks[1]!.balanceRoot).toEqual(blocks[0]!.balanceRoot);
    expect(await readPlace(ledger.pool, 3)).toMatchObject({ kind: 'block' });
  });

  it('says where an entry is, and what is at a place', async () => {
    await rewardMerchants(ledger.pool, 1, 2);
    const sealer = await ledger.open();
    await sealer.seal();
    await commitGrants(1, 2);
    expect(await readPosition(ledger.pool, 'grants', 1, 4n)).toBeNull();
    await sealer.seal();
    const leaves = await ledger.leaves();
    for (const [position, leaf] of leaves.entries()) {
      const place = await readPlace(ledger.pool, position);
      if (place?.kind === 'block') {
        expect(place.block.leaf).toEqual(leaf);
        continue;
      }
      const { journal, shard } = place!.range;
      const { sequence, block } = place!;
      const [entry] = await readEntries(
        ledger.pool,
        journal,
        shard,
        sequence,
        1,
      );
      expect(leaf).toEqual(encodeEntry(entry!));
      expect(await readPosition(ledger.pool, journal, shard, sequence)).toEqual(
        {
          position,
          block,
        },
      );
    }
    expect(await readPlace(ledger.pool, leaves.length)).toBeNull();
    const { rows } = await ledger.pool.query(
      `SELECT count(*), min(position), max(position) FROM audit.entry_position`,
    );
    expect(rows).toEqual([{ count: 13n, min: 0n, max: 13n }]);
  });

  it('passes over no entry whose transaction is open, and waits for none', async () => {
    await commitGrants(1, 1);
    await commitGrants(2, 1);
    const sealer = await ledger.open();
    const gate = await ledger.pool.connect();
    await gate.query('SELECT pg_advisory_lock(1)');
    const slow = commit(
      ledger.pool,
      { journal: 'grants', shard: 1 },
      [grantOf(7n)],
      undefined,
      () => [{ text: 'SELECT pg_advisory_xact_lock(1)' }],
    );
    await vi.waitFor(async () => {
      const { rowCount } = await ledger.pool.query(
        `SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()`,
      );
      expect(rowCount).toBe(1);
    });
    // Another shard, and the other journal of the same shard, begin later and are committed before.
    await commitGrants(2, 3);
    await commit(ledger.pool, { journal: 'promotions', shard: 1 }, [
      { ...grantOf(1n), kind: 'switch_on', postings: [] },
    ]);
    expect(await sealer.seal()).toBe(2 + 5 + 1);
    expect(await readPosition(ledger.pool, 'grants', 2, 4n)).not.toBeNull();
    expect(await readPosition(ledger.pool, 'grants', 1, 3n)).toBeNull();
    gate.release(true);
    await slow;
    expect(await sealer.seal()).toBe(1);
    expect(await readPosition(ledger.pool, 'grants', 1, 3n)).not.toBeNull();
    await ledger.leaves();
  });

  it('keeps every checkpoint in the database and outside of it', async () => {
    const sealer = await ledger.open();
    for (const shard of [0, 1, 2]) {
      await commitGrants(shard, 1);
      await sealer.seal();
    }
    const { rows } = await ledger.pool.query<{ size: bigint; note: string }>(
      'SELECT size, note FROM audit.checkpoint ORDER BY size',
    );
    expect(rows.map(({ size }) => size)).toEqual([3n, 6n, 9n]);
    expect(
      rows.map(({ note }) => openCheckpoint(Buffer.from(note), LOG).size),
    ).toEqual([3, 6, 9]);
    const last = await ledger.history.last();
    expect(last?.toString()).toBe(rows.at(-1)!.note);
    expect(await readCheckpoint(ledger.pool)).toMatchObject({ size: 9 });
    expect(await readCheckpoint(ledger.pool, 4)).toMatchObject({ size: 6 });
  });

  it('signs a checkpoint again and again while a long block is appended', async () => {
    const grants = 12_000;
    await commit(ledger.pool, { journal: 'grants', shard: 1 }, [
      budgetOf(BigInt(grants)),
    ]);
    for (let at = 0; at < grants; at += 2_000)
      await commit(
        ledger.pool,
        { journal: 'grants', shard: 1 },
        Array.from({ length: 2_000 }, (_, i) => grantOf(1n, `m${at + i}`)),
      );
    const history = ledger.history;
    const sizes: number[] = [];
    const sealer = await ledger.open({
      history: {
        last: () => history.last(),
        append: async (note, atMs) => {
          sizes.push(openCheckpoint(note, LOG).size);
          await history.append(note, atMs);
        },
      },
      checkpointIntervalMs: 1,
    });
    await sealer.seal();
    expect(sizes.length).toBeGreaterThan(5);
    expect(sizes.at(-1)).toBe(grants + 2);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });

  it('lets one sealer work at a time', async () => {
    const first = await acquireSealLock(
      ledger.sealerPool,
      new AbortController().signal,
    );
    first.assertHeld();
    let hasSecond = false;
    const second = acquireSealLock(
      ledger.sealerPool,
      new AbortController().signal,
    );
    void second.then(() => (hasSecond = true));
    await expect(
      acquireSealLock(ledger.sealerPool, AbortSignal.timeout(800)),
    ).rejects.toThrow();
    expect(hasSecond).toBe(false);
    await first.release();
    await (await second).release();
    expect(hasSecond).toBe(true);
  });

  it('notices that its lock is lost', async () => {
    const lock = await acquireSealLock(
      ledger.sealerPool,
      new AbortController().signal,
    );
    await ledger.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await expect.poll(() => isHeld(lock)).toBe(false);
    await lock.release();
  });

  it('does no harm beside a second one that believes it is alone', async () => {
    await commitGrants(1, 2);
    const [first, second] = await Promise.all([ledger.open(), ledger.open()]);
    const results = await Promise.allSettled([first!.seal(), second!.seal()]);
    expect(results.map(({ status }) => status)).toContain('rejected');
    const third = await ledger.open();
    await commitGrants(1, 1);
    expect(await third.seal()).toBe(1);
    expect(await ledger.leaves()).toHaveLength(3 + 1 + 1 + 1);
  });

  it('makes no gap and no overlap, whoever tries', async () => {
    await commitGrants(1, 2);
    await (await ledger.open()).seal();
    const block = (number: number, first: number) =>
      ledger.pool.query(
        `INSERT INTO sealed_block VALUES ($1, $2::bigint, $2::bigint + 1, now(), sha256('x'), 'x')`,
        [number, first],
      );
    await expect(block(2, 4)).rejects.toThrow('does not follow block 0');
    await expect(block(1, 5)).rejects.toThrow('does not follow block 0');
    await expect(block(1, 3)).rejects.toThrow('does not follow block 0');
    await expect(block(0, 4)).rejects.toThrow('does not follow block 0');
    for (const first of [1, 3, 5])
      await expect(
        ledger.pool.query(
          `INSERT INTO sealed_range VALUES (1, 'grants', $1, 9, sha256('x'), 4, 1)`,
          [first],
        ),
      ).rejects.toThrow('does not follow what is sealed, which ends at 3');
  });

  function isHeld(lock: { assertHeld: () => void }): boolean {
    try {
      lock.assertHeld();
      return true;
    } catch {
      return false;
    }
  }

  /** A budget ahead of the first grants of a shard, and as many grants. */
  async function commitGrants(shard: number, count: number): Promise<void> {
    const { rows } = await ledger.pool.query(
      `SELECT FROM shard_head WHERE shard = $1 AND journal = 'grants'`,
      [shard],
    );
    await commit(ledger.pool, { journal: 'grants', shard }, [
      ...(rows.length === 0 ? [budgetOf(1_000n)] : []),
      ...Array.from({ length: count }, () => grantOf(1n)),
    ]);
  }

  async function encodedEntries(
    places: [Journal, number][],
  ): Promise<Buffer[]> {
    const all = [];
    for (const [journal, shard] of places)
      all.push(...(await readEntries(ledger.pool, journal, shard, 1n, 5_000)));
    return all.map(encodeEntry);
  }
});
