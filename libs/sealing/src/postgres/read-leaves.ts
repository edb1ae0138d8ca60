import {
  EntryCursor,
  PAGE_ENTRIES,
  readStoredRanges,
  readStoredRows,
  type Pool,
  type PoolClient,
  type StoredRows,
} from '@app/ledger/postgres';
import { EntryLeaves } from '../entry-leaves.js';
import type { SealedRange } from '../order.js';
import { SealError } from '../seal-error.js';
import { readBlocks, readRanges, type StoredBlock } from './sealed.js';

const BLOCKS_A_TIME = 100;
const STATEMENT_WITHIN_MS = 600_000;

/**
 * The leaves of what is sealed, from the entries as they are stored, in the order of the log, page by page. Each
 * entry is checked to be what was hashed. Takes two of the pool's connections meanwhile.
 *
 * @param from the position of the first one
 * @param upTo the position behind the last one
 * @throws SealError naming the first entry that is missing, or was changed
 */
export async function* readLeaves(
  pool: Pool,
  from: number,
  upTo = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer[]> {
  for (let at = from; at < upTo;) {
    const blocks = await readBlocks(pool, at, BLOCKS_A_TIME);
    if (blocks.length === 0) return;
    for (const block of blocks) {
      const ranges = await readRanges(pool, block.number);
      yield* readBlockLeaves(pool, block, ranges, at, upTo);
      at = block.position + 1;
      if (at >= upTo) return;
    }
  }
}

/** The leaves of one block, from a position on; see {@link readLeaves}. */
export async function* readBlockLeaves(
  pool: Pool,
  block: StoredBlock,
  ranges: readonly SealedRange[],
  from = 0,
  upTo = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer[]> {
  assertNoGap(block, ranges);
  let position = block.firstPosition;
  const clients = [await pool.connect(), await pool.connect()] as const;
  let isDone = false;
  try {
    for (const client of clients)
      await client.query(`SET statement_timeout = ${STATEMENT_WITHIN_MS}`);
    const groups = groupsOf(ranges);
    // While some entries are hashed, the next ones are read, on the other connection.
    const begin = (i: number) =>
      groups[i] && beginReading(clients[i % 2]!, groups[i]);
    let next = begin(0);
    for (const i of groups.keys()) {
      const reading = next!;
      next = begin(i + 1);
      for await (const leaves of leavesOf(reading)) {
        const wanted = leaves.slice(
          Math.max(0, from - position),
          Math.max(0, upTo - position),
        );
        position += leaves.length;
        if (wanted.length > 0) yield wanted;
        if (position >= upTo) return;
      }
    }
    isDone = true;
  } finally {
    for (const client of clients) {
      if (isDone) await client.query('RESET statement_timeout');
      // Else it may still be reading what nobody waits for any more: it is closed.
      client.release(!isDone);
    }
  }
  if (position >= from && position < upTo) yield [block.leaf];
}

/** @throws SealError where the ranges are not, one behind the other, what the block has */
function assertNoGap(block: StoredBlock, ranges: readonly SealedRange[]): void {
  let position = block.firstPosition;
  for (const range of ranges) {
    if (range.firstPosition !== position)
      throw new SealError(`block ${block.number} has a gap at ${position}`);
    position += entriesIn(range);
  }
  if (position !== block.position)
    throw new SealError(
      `block ${block.number} ends at ${block.position}, but its entries at ${position}`,
    );
}

/** Ranges that are read together: as many small ones as make a page, or a large one by itself. */
function groupsOf(ranges: readonly SealedRange[]): SealedRange[][] {
  const groups: SealedRange[][] = [];
  let room = 0;
  for (const range of ranges) {
    room -= entriesIn(range);
    if (room < 0) {
      groups.push([]);
      room = PAGE_ENTRIES - entriesIn(range);
    }
    groups.at(-1)!.push(range);
  }
  return groups;
}

function entriesIn({ firstSequence, lastSequence }: SealedRange): number {
  return Number(lastSequence - firstSequence) + 1;
}

/** Rows of entries of a range. */
interface RangePage {
  range: SealedRange;
  rows: StoredRows;
}

interface Reading {
  group: readonly SealedRange[];
  pages: AsyncGenerator<RangePage>;
  first: Promise<IteratorResult<RangePage>>;
}

function beginReading(
  client: PoolClient,
  group: readonly SealedRange[],
): Reading {
  const pages = readPages(client, group);
  const first = pages.next();
  // Whoever asked may fail before it is needed.
  first.catch(() => undefined);
  return { group, pages, first };
}

async function* readPages(
  client: PoolClient,
  group: readonly SealedRange[],
): AsyncGenerator<RangePage> {
  const stored = group.map(
    ({ journal, shard, firstSequence, lastSequence }) => ({
      journal,
      shard,
      after: firstSequence - 1n,
      upTo: lastSequence,
    }),
  );
  if (group.length > 1)
    for (const [i, rows] of (await readStoredRanges(client, stored)).entries())
      yield { range: group[i]!, rows };
  else
    for await (const rows of readStoredRows(client, stored[0]!, stored[0]))
      yield { range: group[0]!, rows };
}

async function* leavesOf({
  group,
  pages,
  first,
}: Reading): AsyncGenerator<Buffer[]> {
  let current = new RangeLeaves(group[0]!);
  for (let page = await first; !page.done; page = await pages.next()) {
    const { range, rows } = page.value;
    if (range !== current.range) {
      current.end();
      current = new RangeLeaves(range);
    }
    yield current.leavesOf(rows);
  }
  current.end();
}

/** Makes the leaves of a range. */
class RangeLeaves {
  readonly #leaves: EntryLeaves;
  readonly #entry: EntryCursor;

  constructor(readonly range: SealedRange) {
    const { journal, shard, firstSequence, hashAhead } = range;
    const behind = { sequence: firstSequence - 1n, hash: hashAhead };
    this.#leaves = new EntryLeaves(journal, shard, behind);
    // Whose entry is missing is told by the gap that it leaves.
    this.#entry = new EntryCursor({ journal, shard }, () => undefined);
  }

  leavesOf(rows: StoredRows): Buffer[] {
    const made: Buffer[] = [];
    const entry = this.#entry;
    for (entry.load(rows); entry.next();) {
      entry.encode();
      made.push(this.#leaves.next(entry));
    }
    return made;
  }

  /** @throws SealError where the last entry is not that of the range */
  end(): void {
    const { lastSequence, lastHash } = this.range;
    this.#leaves.assertAt({ sequence: lastSequence, hash: lastHash });
  }
}
