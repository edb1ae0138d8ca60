import type { Journal } from '@app/ledger';
import {
  inTransaction,
  type Pool,
  type PoolClient,
  type Queryable,
} from '@app/ledger/postgres';
import { OWN_LEAF } from '../balance-leaf.js';
import {
  balanceRoot,
  emptyShardRoot,
  ShardBalanceTree,
} from '../balance-tree.js';
import { encodeBlock, type SealedHead } from '../block.js';
import {
  rangesOf,
  selectHeads,
  type SealCursors,
  type SealedRange,
} from '../order.js';
import { loadTree, readBalances, type LeafPlace } from './read-balances.js';
import {
  readBalanceRoots,
  readCursors,
  readSealedEnd,
  type SealedEnd,
  type StoredBlock,
} from './sealed.js';

/** A snapshot of a first block may have to read all balances, or a long backlog. */
const STATEMENT_WITHIN_MS = 600_000;

/** What the sealer keeps in memory between blocks: all of it can be read again from the database. */
export class SealState {
  /** Of the shards that have moved since this was read. */
  readonly trees = new Map<number, ShardBalanceTree>();
  nextShard = 0;

  private constructor(
    public end: SealedEnd,
    readonly cursors: SealCursors,
    /** By shard, of all shards. */
    readonly shardRoots: Buffer[],
  ) {}

  static async read(db: Queryable, shardCount: number): Promise<SealState> {
    const end = await readSealedEnd(db);
    const cursors = await readCursors(db, shardCount);
    const roots = await readBalanceRoots(db, shardCount);
    const shardRoots = Array.from(
      { length: shardCount },
      (_, shard) => roots.get(shard) ?? emptyShardRoot(shard),
    );
    return new SealState(end, cursors, shardRoots);
  }
}

/** While nothing is recorded, a block says as often that nothing was: milliseconds. */
export const IDLE_BLOCK_INTERVAL_MS = 600_000;

/** A ledger of which nothing was ever recorded has no block. */
function isBlockDue({ blocks, sealedAtMs }: SealedEnd, nowMs: number): boolean {
  return blocks > 0 && nowMs - sealedAtMs >= IDLE_BLOCK_INTERVAL_MS;
}

export interface WrittenBlock {
  block: StoredBlock;
  ranges: SealedRange[];
  /** Whether there was more than a block can hold. */
  isCut: boolean;
}

/**
 * Gives every entry that is committed and has no place in the order one, in a new block. All of it is seen at one
 * instant: a head shows once its transaction is committed, so that no entry is passed over, and an open transaction
 * holds up its own journal of its own shard alone.
 *
 * Where there is none, the block says so, if the one ahead of it is {@link IDLE_BLOCK_INTERVAL_MS} old.
 *
 * @param state advanced when the block is committed, and of no more use where this rejects
 * @returns null where there is nothing to seal, and nothing to say
 * @throws SealError where what is sealed has been cut off or changed
 */
export async function writeBlock(
  pool: Pool,
  state: SealState,
  nowMs: number,
): Promise<WrittenBlock | null> {
  const written = await inTransaction(pool, async (client) => {
    await client.query(
      `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = ${STATEMENT_WITHIN_MS}`,
    );
    const selected = selectHeads(
      await readHeads(client),
      state.cursors,
      state.nextShard,
    );
    const { heads, next } = selected;
    if (heads.length === 0 && !isBlockDue(state.end, nowMs)) return null;
    const place = {
      number: state.end.blocks,
      firstPosition: state.end.size,
      heads,
    };
    const { ranges, entryCount } = rangesOf(place, state.cursors);
    const moved = await moveTrees(client, state, ranges);
    const block = {
      ...place,
      entryCount,
      sealedAtMs: Math.max(nowMs, state.end.sealedAtMs),
      shardCount: state.shardRoots.length,
      balanceRoot: await balanceRoot(state.shardRoots),
    };
    const position = block.firstPosition + entryCount;
    const stored = { ...block, position, leaf: encodeBlock(block) };
    await insertBlock(client, stored, ranges, moved);
    return { block: stored, ranges, isCut: next !== null, next };
  });
  if (!written) return null;
  const { block, next } = written;
  state.end = {
    blocks: block.number + 1,
    size: block.position + 1,
    sealedAtMs: block.sealedAtMs,
  };
  state.cursors.advance(block.heads);
  state.nextShard = next ?? 0;
  return written;
}

async function readHeads(client: PoolClient): Promise<SealedHead[]> {
  const { rows } = await client.query<{
    shard: number;
    journal: Journal;
    sequence: bigint;
    hash: Buffer;
    consumed: Record<string, number>;
  }>({
    name: 'read-heads',
    text: 'SELECT shard, journal, sequence, hash, consumed FROM shard_head WHERE sequence > 0',
  });
  return rows.map(({ consumed, ...head }) => ({
    ...head,
    consumed: Object.fromEntries(
      Object.entries(consumed).map(([source, at]) => [source, BigInt(at)]),
    ),
  }));
}

/** Brings the balances of the shards that have moved up to the snapshot. @returns their roots */
async function moveTrees(
  client: PoolClient,
  { trees, shardRoots }: SealState,
  ranges: readonly SealedRange[],
): Promise<Map<number, Buffer>> {
  const shards = [...new Set(ranges.map(({ shard }) => shard))];
  const known = ranges.filter(({ shard }) => trees.has(shard));
  const touched = await readTouched(client, known);
  for await (const slice of readBalances(client, touched))
    for (const [shard, balances] of slice)
      for (const [leaf, of] of balances) trees.get(shard)!.set(leaf, of);
  for (const shard of shards)
    if (!trees.has(shard)) {
      const tree = new ShardBalanceTree(shard);
      await loadTree(client, tree);
      trees.set(shard, tree);
    }
  const moved = new Map<number, Buffer>();
  for (const shard of shards) {
    const root = trees.get(shard)!.root();
    shardRoots[shard] = root;
    moved.set(shard, root);
  }
  return moved;
}

/** The leaves of the merchants with entries in the ranges, and those of the shards themselves. */
async function readTouched(
  client: PoolClient,
  ranges: readonly SealedRange[],
): Promise<LeafPlace[]> {
  const { rows } = await client.query<LeafPlace>({
    name: 'read-touched-leaves',
    text: `
      SELECT DISTINCT range.shard, 1 + balance_bucket(merchant_id) AS leaf
      FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::bigint[])
        AS range (shard, journal, first, last), LATERAL (
        SELECT merchant_id FROM entry
        WHERE shard = range.shard AND journal = range.journal AND sequence >= first AND sequence <= last
        OFFSET 0) AS moved
      WHERE merchant_id IS NOT NULL`,
    values: [
      ranges.map(({ shard }) => shard),
      ranges.map(({ journal }) => journal),
      ranges.map(({ firstSequence }) => firstSequence),
      ranges.map(({ lastSequence }) => lastSequence),
    ],
  });
  const shards = new Set(ranges.map(({ shard }) => shard));
  return [
    ...Array.from(shards, (shard) => ({ shard, leaf: OWN_LEAF })),
    ...rows,
  ];
}

async function insertBlock(
  client: PoolClient,
  block: StoredBlock,
  ranges: readonly SealedRange[],
  moved: ReadonlyMap<number, Buffer>,
): Promise<void> {
  await client.query({
    name: 'insert-block',
    text: `
      INSERT INTO sealed_block (block, first_position, position, sealed_at, balance_root, leaf)
      VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [
      block.number,
      block.firstPosition,
      block.position,
      new Date(block.sealedAtMs),
      block.balanceRoot,
      block.leaf,
    ],
  });
  await client.query({
    name: 'insert-ranges',
    text: `
      INSERT INTO sealed_range
        (block, shard, journal, first_sequence, last_sequence, last_hash, first_position)
      SELECT $1, * FROM unnest(
        $2::smallint[], $3::text[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[])`,
    values: [
      block.number,
      ranges.map(({ shard }) => shard),
      ranges.map(({ journal }) => journal),
      ranges.map(({ firstSequence }) => firstSequence),
      ranges.map(({ lastSequence }) => lastSequence),
      ranges.map(({ lastHash }) => lastHash),
      ranges.map(({ firstPosition }) => firstPosition),
    ],
  });
  await client.query({
    name: 'insert-balances',
    text: `
      INSERT INTO sealed_balances (block, shard, root)
      SELECT $1, * FROM unnest($2::smallint[], $3::bytea[])`,
    values: [block.number, [...moved.keys()], [...moved.values()]],
  });
}
