import {
  ENTRY_HASH_BYTES,
  entryId,
  type Finding,
  type HashedEntries,
  type Journal,
} from '@app/ledger';
import { readShardCount, type Pool } from '@app/ledger/postgres';
import {
  leafHash,
  readLeafHashes,
  type PathReader,
  type TreeHead,
} from '@app/transparency';
import { SealCursors } from '../order.js';
import { TreeHasher } from '../tree-hasher.js';
import { LeafHashFile } from './leaf-hash-file.js';
import {
  readBlocks,
  readLastBlock,
  readPlace,
  readSealedEnd,
  type StoredBlock,
} from './sealed.js';
import {
  firstBlockOfOtherBalances,
  KeptColumnsVerifier,
  told,
} from './verify-balances.js';
import { checkBlock, checkOutside } from './verify-block.js';

const BLOCKS_A_TIME = 100;
const RANGES_A_TIME = 500;
/** Shards whose balances are recomputed at a time: while one is read, another is hashed. */
const SHARDS_RECOMPUTED = 2;

/** A head of the log that is known from somewhere, and where from, as the subject of a sentence. */
export interface KnownHead extends TreeHead {
  source: string;
}

/** A copy of the log, and how many positions it has. */
export interface LogCopy {
  size: number;
  read: PathReader;
}

/**
 * Checks the ledger against what was sealed of it: takes the leaves of all entries as they are read, in whatever
 * order of shards, puts them in their places, and compares the tree that they make with every head of the log that
 * is known. Memory is bounded: hashes are put down in a file.
 */
export class SealVerifier {
  readonly #cursors = new Map<string, RangeCursor>();
  /** By shard, what {@link firstBlockOfOtherBalances} has found, where somebody asked it already. */
  readonly #otherBalances = new Map<number, number | null>();

  private constructor(
    private readonly pool: Pool,
    private readonly hashes: LeafHashFile,
    /** How many positions were sealed at the beginning: entries of later ones may not have been read. */
    readonly size: number,
    /** The last block among them; null where there is none. */
    private readonly last: StoredBlock | null,
    private readonly shardCount: number,
  ) {}

  /** Before the first entry is read, and after the known heads were: a ledger that runs goes on being sealed. */
  static async create(pool: Pool): Promise<SealVerifier> {
    const { size } = await readSealedEnd(pool);
    const last = await readLastBlock(pool, size);
    const shardCount = await readShardCount(pool);
    const hashes = await LeafHashFile.create();
    return new SealVerifier(pool, hashes, size, last, shardCount);
  }

  /** The number of the last block that balances are compared with; null where there is none. */
  get lastBlock(): number | null {
    return this.last?.number ?? null;
  }

  close(): Promise<void> {
    return this.hashes.close();
  }

  /** @param entries of one journal of a shard, by rising sequence, behind those taken before: with hashes of their leaves */
  async take(
    shard: number,
    { journal, sequences, hashes }: HashedEntries & { journal: Journal },
  ): Promise<void> {
    const key = `${journal}-${shard}`;
    const cursor =
      this.#cursors.get(key) ?? new RangeCursor(this.pool, journal, shard);
    this.#cursors.set(key, cursor);
    /** The first of those that stand side by side in the log and are not put down yet, and its position. */
    let [first, position] = [0, -1];
    const putUpTo = async (end: number): Promise<void> => {
      if (position < 0) return;
      const run = hashes.subarray(
        first * ENTRY_HASH_BYTES,
        end * ENTRY_HASH_BYTES,
      );
      await this.hashes.put(position, run);
    };
    for (const [i, sequence] of sequences.entries()) {
      if (!cursor.hasReadTo(sequence)) await cursor.readOn(sequence);
      const at = this.#sealedPosition(cursor, sequence);
      if (position >= 0 && at === position + i - first) continue;
      await putUpTo(i);
      [first, position] = [i, at];
    }
    await putUpTo(sequences.length);
  }

  /** @param block what {@link firstBlockOfOtherBalances} has found of the shard, up to {@link lastBlock} */
  takeOtherBalances(shard: number, block: number | null): void {
    this.#otherBalances.set(shard, block);
  }

  /** @returns -1 where the entry was not sealed at the beginning */
  #sealedPosition(cursor: RangeCursor, sequence: bigint): number {
    const position = cursor.positionOf(sequence);
    return position === null || position >= this.size ? -1 : position;
  }

  /**
   * After all entries.
   *
   * @param known heads of the log that were kept, or were published
   * @param log a copy of the log, to name the entry that is not what was sealed
   */
  async *end(
    known: readonly KnownHead[],
    log: LogCopy | null,
  ): AsyncGenerator<Finding> {
    yield* this.#checkBlocks();
    yield* await checkOutside(this.pool, this.shardCount);
    yield* this.#checkBalances();
    const heads = [...known].sort((a, b) => a.size - b.size);
    yield* this.#checkTree(heads, log);
  }

  /** Blocks follow each other, and their leaves say what the order of entries says, and what is kept beside them. */
  async *#checkBlocks(): AsyncGenerator<Finding> {
    const cursors = new SealCursors();
    const kept = new KeptColumnsVerifier(this.pool);
    let next = { number: 0, position: 0, sealedFromMs: 0 };
    for (;;) {
      const blocks = await readBlocks(this.pool, next.position, BLOCKS_A_TIME);
      if (blocks.length === 0) return;
      const sealed = blocks.filter(({ position }) => position < this.size);
      yield* kept.check(sealed);
      for (const block of sealed) {
        if (
          block.number !== next.number ||
          block.firstPosition !== next.position
        )
          yield told(
            `block ${next.number} at position ${next.position} is missing: block ${block.number} at ${block.firstPosition} comes next`,
          );
        if (block.sealedAtMs < next.sealedFromMs)
          yield told(`block ${block.number} was sealed before the one ahead`);
        yield* checkBlock(this.pool, block, cursors, this.shardCount);
        cursors.advance(block.heads);
        await this.hashes.put(block.position, leafHash(block.leaf));
        next = {
          number: block.number + 1,
          position: block.position + 1,
          sealedFromMs: block.sealedAtMs,
        };
      }
      if (sealed.length < blocks.length) return;
    }
  }

  /** Of each shard, the first block that sealed other balances than its postings make. */
  async *#checkBalances(): AsyncGenerator<Finding> {
    const shardCount = this.last?.shardCount ?? 0;
    for (let first = 0; first < shardCount; first += SHARDS_RECOMPUTED) {
      const end = Math.min(first + SHARDS_RECOMPUTED, shardCount);
      const shards = Array.from({ length: end - first }, (_, i) => first + i);
      const blocks = await Promise.all(
        shards.map((shard) => this.#firstBlockOfOtherBalances(shard)),
      );
      for (const [i, block] of blocks.entries())
        if (block !== null)
          yield told(
            `block ${block} sealed other balances of shard ${shards[i]!} than the postings up to it make`,
            shards[i]!,
          );
    }
  }

  async #firstBlockOfOtherBalances(shard: number): Promise<number | null> {
    const found = this.#otherBalances.get(shard);
    return found !== undefined
      ? found
      : firstBlockOfOtherBalances(this.pool, shard, this.last!.number);
  }

  async *#checkTree(
    heads: readonly KnownHead[],
    log: LogCopy | null,
  ): AsyncGenerator<Finding> {
    const tree = new TreeHasher();
    const logged = log && readLeafHashes(log.size, log.read);
    let waiting = 0;
    const passHeads = (): Finding | null => {
      for (
        ;
        heads[waiting] && heads[waiting]!.size <= tree.size;
        waiting += 1
      ) {
        const { size, root, source } = heads[waiting]!;
        if (!tree.root().equals(root))
          return told(
            `${source} of ${size} positions has another root than the ledger makes: an entry in one of them is not what was sealed`,
          );
      }
      return null;
    };
    for await (const hash of this.hashes.read()) {
      const wrong = passHeads();
      if (wrong) return yield wrong;
      const position = tree.size;
      const expected = (await logged?.next())?.value;
      if (!hash)
        return yield await this.#namedAt(
          position,
          'is sealed, but is not there',
        );
      if (expected && !hash.equals(expected))
        return yield await this.#namedAt(position, 'is not what the log has');
      tree.addHash(hash);
    }
    const wrong = passHeads();
    if (wrong) return yield wrong;
    const beyond = heads[waiting];
    if (beyond)
      yield told(
        `${beyond.source} is of ${beyond.size} positions, but the ledger is sealed up to ${tree.size}: entries were cut off`,
      );
  }

  async #namedAt(position: number, problem: string): Promise<Finding> {
    const place = await readPlace(this.pool, position);
    if (place?.kind !== 'entry')
      return told(
        `${place ? `the leaf of block ${place.block.number}` : 'what is'} at position ${position} ${problem}`,
      );
    const { shard, journal } = place.range;
    const id = entryId(journal, shard, place.sequence);
    return {
      shard,
      entryId: id,
      problem: `${id}, at position ${position}, ${problem}`,
    };
  }
}

interface Range {
  first_sequence: bigint;
  last_sequence: bigint;
  first_position: bigint;
}

/** Finds positions along a journal of a shard. */
class RangeCursor {
  #ranges: Range[] = [];
  #at = 0;
  #isAtEnd = false;

  constructor(
    private readonly pool: Pool,
    private readonly journal: Journal,
    private readonly shard: number,
  ) {}

  /** Whether it is known where the entry is sealed. @param sequence behind the ones asked for before */
  hasReadTo(sequence: bigint): boolean {
    for (; this.#at < this.#ranges.length; this.#at += 1)
      if (sequence <= this.#ranges[this.#at]!.last_sequence) return true;
    return this.#isAtEnd;
  }

  /** @param sequence of an entry that was read to; null where it is not sealed */
  positionOf(sequence: bigint): number | null {
    const range = this.#ranges[this.#at];
    return range && sequence >= range.first_sequence
      ? Number(range.first_position + sequence - range.first_sequence)
      : null;
  }

  /** Reads the ranges from that of an entry on. */
  async readOn(sequence: bigint): Promise<void> {
    const { pool, journal, shard } = this;
    const { rows } = await pool.query<Range>({
      name: 'verify-ranges',
      text: `
        SELECT first_sequence, last_sequence, first_position FROM sealed_range
        WHERE shard = $1 AND journal = $2 AND last_sequence >= $3 ORDER BY last_sequence LIMIT $4`,
      values: [shard, journal, sequence, RANGES_A_TIME],
    });
    this.#ranges = rows;
    this.#at = 0;
    this.#isAtEnd = this.#ranges.length < RANGES_A_TIME;
  }
}
