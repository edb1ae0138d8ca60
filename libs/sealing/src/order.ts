import { EMPTY_CHAIN, entryId, JOURNALS, type Journal } from '@app/ledger';
import { MAX_ENTRY_BYTES } from '@app/transparency';
import { headBytes, type Block, type SealedHead } from './block.js';
import { SealError } from './seal-error.js';

/** A place in the hash chain of a journal: an entry by its sequence, and its hash. */
export interface ChainPoint {
  sequence: bigint;
  hash: Buffer;
}

/** Entries of one journal of one shard that stand in a block, one behind the other. */
export interface SealedRange {
  shard: number;
  journal: Journal;
  firstSequence: bigint;
  lastSequence: bigint;
  /** Of the entry ahead of the first: what was sealed of the journal before. */
  hashAhead: Buffer;
  /** Of the last entry. */
  lastHash: Buffer;
  /** Of the first entry. */
  firstPosition: number;
  block: number;
}

/** Up to where each journal of each shard is sealed. */
export class SealCursors {
  readonly #points = new Map<string, ChainPoint>();

  of(journal: Journal, shard: number): ChainPoint {
    return this.#points.get(`${journal}-${shard}`) ?? EMPTY_CHAIN;
  }

  set(journal: Journal, shard: number, point: ChainPoint): void {
    this.#points.set(`${journal}-${shard}`, point);
  }

  /** Goes on behind a block. */
  advance(heads: readonly SealedHead[]): void {
    for (const { journal, shard, sequence, hash } of heads)
      this.set(journal, shard, { sequence, hash });
  }
}

/** What the fields beside the heads may take of a leaf, the root included. */
const OTHER_FIELDS_BYTES = 512;

/**
 * The heads that the next block has: those with entries beyond the cursors, in the order of the block. Of more than
 * a leaf can hold it takes whole shards, so that both journals of a shard are cut at one instant.
 *
 * @param heads as they stood at one instant
 * @param fromShard the one to begin with where not all fit, so that none is left out for ever
 * @returns `next` is the shard to begin with next time; null where all fitted
 * @throws SealError where a head stands behind what is sealed of it, or has another hash
 */
export function selectHeads(
  heads: readonly SealedHead[],
  cursors: SealCursors,
  fromShard = 0,
): { heads: SealedHead[]; next: number | null } {
  const moved = heads.filter((head) => hasMoved(head, cursors));
  const shards = [...new Set(moved.map(({ shard }) => shard))].sort(
    (a, b) => a - b,
  );
  const start = shards.findIndex((shard) => shard >= fromShard);
  const inTurn = [...shards.slice(start), ...shards.slice(0, start)];
  const chosen: SealedHead[] = [];
  let bytes = OTHER_FIELDS_BYTES;
  let next: number | null = null;
  for (const shard of inTurn) {
    const own = moved.filter((head) => head.shard === shard);
    bytes += own.reduce((sum, head) => sum + headBytes(head), 0);
    if (bytes > MAX_ENTRY_BYTES && chosen.length > 0) {
      next = shard;
      break;
    }
    chosen.push(...own);
  }
  return { heads: chosen.sort(inOrder), next };
}

function hasMoved(head: SealedHead, cursors: SealCursors): boolean {
  const { journal, shard, sequence, hash } = head;
  const sealed = cursors.of(journal, shard);
  if (sequence < sealed.sequence)
    throw new SealError(
      `${entryId(journal, shard, sealed.sequence)} is sealed, but ${journal} of shard ${shard} ends at ${sequence}: entries were cut off`,
    );
  if (sequence > sealed.sequence) return true;
  if (!hash.equals(sealed.hash))
    throw new SealError(
      `${entryId(journal, shard, sequence)} was changed: it has another hash than was sealed`,
    );
  return false;
}

/** By shard, and within a shard grants before the promotions that they caused. */
function inOrder(a: SealedHead, b: SealedHead): number {
  return (
    a.shard - b.shard ||
    JOURNALS.indexOf(a.journal) - JOURNALS.indexOf(b.journal)
  );
}

/**
 * The entries of a block, in their order: of each head what follows what was sealed of it before.
 *
 * @throws SealError where a head brings no entry, or the heads are not in order
 */
export function rangesOf(
  block: Pick<Block, 'number' | 'firstPosition' | 'heads'>,
  cursors: SealCursors,
): { ranges: SealedRange[]; entryCount: number } {
  let position = block.firstPosition;
  const ranges = block.heads.map((head, i) => {
    const { journal, shard, sequence, hash } = head;
    const sealed = cursors.of(journal, shard);
    const firstSequence = sealed.sequence + 1n;
    const ahead = block.heads[i - 1];
    if (sequence < firstSequence || (ahead && inOrder(ahead, head) >= 0))
      throw new SealError(
        `block ${block.number} has ${journal} of shard ${shard} in vain or out of order`,
      );
    const range = {
      shard,
      journal,
      firstSequence,
      lastSequence: sequence,
      hashAhead: sealed.hash,
      lastHash: hash,
      firstPosition: position,
      block: block.number,
    };
    position += Number(sequence - firstSequence) + 1;
    return range;
  });
  return { ranges, entryCount: position - block.firstPosition };
}
