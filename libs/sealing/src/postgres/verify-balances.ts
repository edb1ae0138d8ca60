import { JOURNALS, type Finding, type Journal } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import { balanceRoot, emptyShardRoot } from '../balance-tree.js';
import { FoldedBalances, type Posted } from '../folded-balances.js';
import type { StoredBlock } from './sealed.js';

/** Roots of a shard that are read at a time. */
const ROOTS_A_TIME = 500;
/** Entries whose postings are summed at a time: what bounds an answer where a block has many. */
const ENTRIES_A_TIME = 10_000;

/** Compares what the database keeps beside the leaves of blocks with what the leaves say, block by block. */
export class KeptColumnsVerifier {
  /** By shard, after the last block that was checked. */
  readonly #shardRoots = new Map<number, Buffer>();
  #isWrong = false;

  constructor(private readonly db: Queryable) {}

  /** @param blocks that follow each other, behind those checked before */
  async *check(blocks: readonly StoredBlock[]): AsyncGenerator<Finding> {
    if (blocks.length === 0) return;
    const kept = await readKept(this.db, blocks);
    const ofShards = await readShardRoots(this.db, blocks);
    for (const block of blocks) {
      const { number } = block;
      for (const what of differences(kept.get(number), block))
        yield told(
          `block ${number} has another ${what} in sealed_block than in its leaf`,
        );
      for (const { shard, root } of ofShards.get(number) ?? [])
        this.#shardRoots.set(shard, root);
      // One wrong root makes those of all later blocks wrong, until its shard moves again.
      if (this.#isWrong || (await this.#areOf(block))) continue;
      this.#isWrong = true;
      yield told(
        `block ${number} has another balance root than the roots of its shards in sealed_balances make`,
      );
    }
  }

  async #areOf(block: StoredBlock): Promise<boolean> {
    const roots = Array.from(
      { length: block.shardCount },
      (_, shard) => this.#shardRoots.get(shard) ?? emptyShardRoot(shard),
    );
    return (await balanceRoot(roots)).equals(block.balanceRoot);
  }
}

interface KeptColumns {
  block: bigint;
  first_position: bigint;
  sealed_at: Date;
  balance_root: Buffer;
}

async function readKept(
  db: Queryable,
  blocks: readonly StoredBlock[],
): Promise<Map<number, KeptColumns>> {
  const { rows } = await db.query<KeptColumns>({
    name: 'verify-kept-columns',
    text: `
      SELECT block, first_position, sealed_at, balance_root FROM sealed_block WHERE block = ANY ($1::bigint[])`,
    values: [blocks.map(({ number }) => number)],
  });
  return new Map(rows.map((kept) => [Number(kept.block), kept]));
}

/** What is kept of a block and is not as in its leaf. */
function differences(
  kept: KeptColumns | undefined,
  { balanceRoot, firstPosition, sealedAtMs }: StoredBlock,
): string[] {
  const isAsInLeaf: Record<string, boolean | undefined> = {
    'balance root': kept?.balance_root.equals(balanceRoot),
    'first position': kept && Number(kept.first_position) === firstPosition,
    'time of sealing': kept && kept.sealed_at.getTime() === sealedAtMs,
  };
  return Object.keys(isAsInLeaf).filter((what) => !isAsInLeaf[what]);
}

interface ShardRoot {
  block: bigint;
  shard: number;
  root: Buffer;
}

/** The roots of the shards that each of the blocks has moved, by block. */
async function readShardRoots(
  db: Queryable,
  blocks: readonly StoredBlock[],
): Promise<Map<number, ShardRoot[]>> {
  const { rows } = await db.query<ShardRoot>({
    name: 'verify-shard-roots',
    // Shard by shard, as the primary key has them.
    text: `
      SELECT sealed.* FROM generate_series(0, $1 - 1) AS shards (shard), LATERAL (
        SELECT block, shard, root FROM sealed_balances
        WHERE shard = shards.shard::smallint AND block >= $2 AND block <= $3 OFFSET 0) AS sealed`,
    values: [
      blocks.at(-1)!.shardCount,
      blocks[0]!.number,
      blocks.at(-1)!.number,
    ],
  });
  return byBlock(rows);
}

/**
 * Recomputes the balances of a shard from its postings, block by block, and compares with each root that was sealed
 * of it. Holds the accounts of the shard, and of its entries some ten thousand at a time.
 *
 * @param lastBlock the last one that counts
 * @returns the first block that sealed other balances; null where none did
 */
export async function firstBlockOfOtherBalances(
  db: Queryable,
  shard: number,
  lastBlock: number,
  entriesATime = ENTRIES_A_TIME,
): Promise<number | null> {
  const balances = new FoldedBalances(shard);
  for await (const roots of readSealedRoots(db, shard, lastBlock)) {
    let next = 0;
    /** Compares the roots of the blocks whose postings have all been added. */
    const firstWrongAhead = (block: number): number | null => {
      for (; next < roots.length && roots[next]!.block < block; next += 1)
        if (!balances.root().equals(roots[next]!.root))
          return roots[next]!.block;
      return null;
    };
    for await (const sums of readPosted(db, shard, roots, entriesATime))
      for (const posted of sums) {
        const wrong = firstWrongAhead(Number(posted.block));
        if (wrong !== null) return wrong;
        balances.add(posted);
      }
    const wrong = firstWrongAhead(Infinity);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** A root that a block has of a shard, and the entries of the shard that it is over and the root ahead is not. */
interface SealedRoot {
  block: number;
  root: Buffer;
  added: EntrySpan[];
}

/** Entries that follow each other, both ends among them. */
interface EntrySpan {
  journal: Journal;
  first: bigint;
  last: bigint;
}

async function* readSealedRoots(
  db: Queryable,
  shard: number,
  lastBlock: number,
): AsyncGenerator<SealedRoot[]> {
  const ends = new Map<Journal, bigint>(JOURNALS.map((each) => [each, 0n]));
  for (let after = -1; ;) {
    const { rows } = await db.query<{ block: bigint; root: Buffer }>({
      name: 'verify-roots-of-shard',
      text: `
        SELECT block, root FROM sealed_balances
        WHERE shard = $1 AND block > $2 AND block <= $3 ORDER BY block LIMIT $4`,
      values: [shard, after, lastBlock, ROOTS_A_TIME],
    });
    if (rows.length === 0) return;
    after = Number(rows.at(-1)!.block);
    const sealed = await readEndsOf(db, shard, ends, after);
    yield rows.map(({ block, root }) => ({
      block: Number(block),
      root,
      added: advance(ends, sealed.get(Number(block)) ?? []),
    }));
  }
}

interface JournalEnd {
  block: bigint;
  journal: Journal;
  last_sequence: bigint;
}

/** Where blocks end in the journals of a shard, by block. @param ends of what was read before */
async function readEndsOf(
  db: Queryable,
  shard: number,
  ends: ReadonlyMap<Journal, bigint>,
  lastBlock: number,
): Promise<Map<number, JournalEnd[]>> {
  const { rows } = await db.query<JournalEnd>({
    name: 'verify-ends-of-shard',
    text: `
      SELECT block, journal, last_sequence
      FROM unnest($2::text[], $3::bigint[]) AS known (of, sequence), LATERAL (
        SELECT block, journal, last_sequence FROM sealed_range
        WHERE shard = $1 AND journal = of AND last_sequence > sequence ORDER BY last_sequence LIMIT $4) AS behind
      WHERE block <= $5`,
    // A block has one range of a journal of a shard at most.
    values: [
      shard,
      [...ends.keys()],
      [...ends.values()],
      ROOTS_A_TIME,
      lastBlock,
    ],
  });
  return byBlock(rows);
}

/** Goes on to where a block ends. @returns what lies between */
function advance(
  ends: Map<Journal, bigint>,
  sealed: readonly JournalEnd[],
): EntrySpan[] {
  return sealed.map(({ journal, last_sequence: last }) => {
    const first = ends.get(journal)! + 1n;
    ends.set(journal, last);
    return { journal, first, last };
  });
}

interface BlockSpan extends EntrySpan {
  block: number;
}

interface PostedInBlock extends Posted {
  block: bigint;
}

/** What was posted in a shard, summed by block, account and unit, by rising block; sums of a long block in parts. */
async function* readPosted(
  db: Queryable,
  shard: number,
  roots: readonly SealedRoot[],
  entriesATime: number,
): AsyncGenerator<PostedInBlock[]> {
  for (const spans of inPages(roots, entriesATime)) {
    const { rows } = await db.query<PostedInBlock>({
      name: 'verify-posted',
      text: `
        SELECT block, account, unit, sum(amount) AS amount
        FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS span (block, of, first, last), LATERAL (
          SELECT account, unit, amount FROM posting
          WHERE shard = $1 AND journal = of AND sequence >= first AND sequence <= last OFFSET 0) AS posted
        GROUP BY block, account, unit ORDER BY block`,
      values: [
        shard,
        spans.map(({ block }) => block),
        spans.map(({ journal }) => journal),
        spans.map(({ first }) => first),
        spans.map(({ last }) => last),
      ],
    });
    yield rows;
  }
}

/** Spans of so many entries together, at most. */
function* inPages(
  roots: readonly SealedRoot[],
  entriesATime: number,
): Generator<BlockSpan[]> {
  let page: BlockSpan[] = [];
  let room = entriesATime;
  for (const { block, added } of roots)
    for (const { journal, first, last } of added)
      for (let at = first; at <= last;) {
        const count = Math.min(room, Number(last - at) + 1);
        const end = at + BigInt(count);
        page.push({ block, journal, first: at, last: end - 1n });
        at = end;
        room -= count;
        if (room > 0) continue;
        yield page;
        [page, room] = [[], entriesATime];
      }
  if (page.length > 0) yield page;
}

function byBlock<Row extends { block: bigint }>(
  rows: readonly Row[],
): Map<number, Row[]> {
  const grouped = new Map<number, Row[]>();
  for (const row of rows) {
    const beside = grouped.get(Number(row.block));
    if (beside) beside.push(row);
    else grouped.set(Number(row.block), [row]);
  }
  return grouped;
}

/** Something that is wrong with the seal, and with no entry by itself. */
export function told(problem: string, shard: number | null = null): Finding {
  return { shard, entryId: null, problem };
}
