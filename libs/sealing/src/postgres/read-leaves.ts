import { EMPTY_CHAIN } from '@app/ledger';
import {
  readStoredPages,
  type PoolClient,
  type StoredPage,
} from '@app/ledger/postgres';
import { EntryLeaves } from '../entry-leaves.js';
import type { ChainPoint, SealedRange } from '../order.js';
import { SealError } from '../seal-error.js';
import { readBlocks, readRanges, type StoredBlock } from './sealed.js';

const BLOCKS_A_TIME = 100;

/**
 * The leaves of what is sealed, from the entries as they are stored, in the order of the log, page by page. Each
 * entry is checked to be what was hashed.
 *
 * @param from the position of the first one
 * @param upTo the position behind the last one
 * @throws SealError naming the first entry that is missing, or was changed
 */
export async function* readLeaves(
  client: PoolClient,
  from: number,
  upTo = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer[]> {
  for (let at = from; at < upTo;) {
    const blocks = await readBlocks(client, at, BLOCKS_A_TIME);
    if (blocks.length === 0) return;
    for (const block of blocks) {
      const ranges = await readRanges(client, block.number);
      yield* readBlockLeaves(client, block, ranges, at, upTo);
      at = block.position + 1;
      if (at >= upTo) return;
    }
  }
}

/** The leaves of one block, from a position on; see {@link readLeaves}. */
export async function* readBlockLeaves(
  client: PoolClient,
  block: StoredBlock,
  ranges: readonly SealedRange[],
  from = 0,
  upTo = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer[]> {
  let position = block.firstPosition;
  // While the entries of a range are hashed, the next range is read.
  let next = ranges[0] && beginRange(client, ranges[0]);
  for (const [i, range] of ranges.entries()) {
    const { firstPosition, firstSequence, lastSequence } = range;
    if (firstPosition !== position)
      throw new SealError(`block ${block.number} has a gap at ${position}`);
    const reading = next!;
    const following = ranges[i + 1];
    next = following && beginRange(client, following);
    for await (const leaves of leavesOf(range, reading)) {
      const wanted = leaves.slice(
        Math.max(0, from - position),
        Math.max(0, upTo - position),
      );
      position += leaves.length;
      if (wanted.length > 0) yield wanted;
    }
    position = firstPosition + Number(lastSequence - firstSequence) + 1;
  }
  if (position !== block.position)
    throw new SealError(
      `block ${block.number} ends at ${block.position}, but its entries at ${position}`,
    );
  if (position >= from && position < upTo) yield [block.leaf];
}

interface RangeReading {
  behind: Promise<ChainPoint>;
  pages: AsyncGenerator<StoredPage>;
  first: Promise<IteratorResult<StoredPage>>;
}

function beginRange(client: PoolClient, range: SealedRange): RangeReading {
  const { journal, shard, firstSequence, lastSequence } = range;
  const behind = readBehind(client, range);
  const pages = readStoredPages(client, journal, shard, {
    after: firstSequence - 1n,
    upTo: lastSequence,
  });
  const first = pages.next();
  // Whoever asked may fail before they are needed.
  behind.catch(() => undefined);
  first.catch(() => undefined);
  return { behind, pages, first };
}

async function* leavesOf(
  range: SealedRange,
  { behind, pages, first }: RangeReading,
): AsyncGenerator<Buffer[]> {
  const { journal, shard, lastSequence, lastHash } = range;
  const leaves = new EntryLeaves(journal, shard, await behind);
  for (let page = await first; !page.done; page = await pages.next())
    yield page.value.entries.map((entry) => leaves.next(entry));
  leaves.assertAt({ sequence: lastSequence, hash: lastHash });
}

/** What was sealed of the journal ahead of a range. */
async function readBehind(
  client: PoolClient,
  { journal, shard, firstSequence }: SealedRange,
): Promise<ChainPoint> {
  if (firstSequence === 1n) return EMPTY_CHAIN;
  const sequence = firstSequence - 1n;
  const { rows } = await client.query<{ last_hash: Buffer }>({
    name: 'read-range-behind',
    text: `
      SELECT last_hash FROM sealed_range
      WHERE shard = $1 AND journal = $2 AND last_sequence = $3`,
    values: [shard, journal, sequence],
  });
  if (!rows[0])
    throw new SealError(
      `nothing is sealed of ${journal} of shard ${shard} that ends at ${sequence}`,
    );
  return { sequence, hash: rows[0].last_hash };
}
