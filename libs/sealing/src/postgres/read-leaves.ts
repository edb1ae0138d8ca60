import {
  EntryCursor,
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
  let position = block.firstPosition;
  const clients = [await pool.connect(), await pool.connect()] as const;
  let isDone = false;
  try {
    for (const client of clients)
      await client.query(`SET statement_timeout = ${STATEMENT_WITHIN_MS}`);
    // While the entries of a range are hashed, the next range is read, on the other connection.
    const begin = (i: number) =>
      ranges[i] && readRange(clients[i % 2]!, ranges[i]);
    let next = begin(0);
    for (const [i, range] of ranges.entries()) {
      if (range.firstPosition !== position)
        throw new SealError(`block ${block.number} has a gap at ${position}`);
      const reading = next!;
      next = begin(i + 1);
      for await (const leaves of leavesOf(range, reading)) {
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
  if (position !== block.position)
    throw new SealError(
      `block ${block.number} ends at ${block.position}, but its entries at ${position}`,
    );
  if (position >= from && position < upTo) yield [block.leaf];
}

interface RangeReading {
  pages: AsyncGenerator<StoredRows>;
  first: Promise<IteratorResult<StoredRows>>;
}

function readRange(client: PoolClient, range: SealedRange): RangeReading {
  const { journal, shard, firstSequence, lastSequence } = range;
  const pages = readStoredRows(
    client,
    { journal, shard },
    { after: firstSequence - 1n, upTo: lastSequence },
  );
  const first = pages.next();
  // Whoever asked may fail before it is needed.
  first.catch(() => undefined);
  return { pages, first };
}

async function* leavesOf(
  range: SealedRange,
  { pages, first }: RangeReading,
): AsyncGenerator<Buffer[]> {
  const { journal, shard, lastSequence, lastHash } = range;
  const behind = { sequence: range.firstSequence - 1n, hash: range.hashAhead };
  const leaves = new EntryLeaves(journal, shard, behind);
  // Whose entry is missing is told by the gap that it leaves.
  const entry = new EntryCursor({ journal, shard }, () => undefined);
  for (let page = await first; !page.done; page = await pages.next()) {
    const made: Buffer[] = [];
    for (entry.load(page.value); entry.next();) {
      entry.encode();
      made.push(leaves.next(entry));
    }
    yield made;
  }
  leaves.assertAt({ sequence: lastSequence, hash: lastHash });
}
