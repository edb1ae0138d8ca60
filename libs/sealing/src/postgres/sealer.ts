import type { Pool } from '@app/ledger/postgres';
import {
  CHECKPOINT_PATH,
  LogWriter,
  openCheckpoint,
  readEntries as readLogEntries,
  tileHashReader,
  treeHash,
  type LogIdentity,
  type LogStorage,
  type Signer,
  type TreeHead,
} from '@app/transparency';
import type { CheckpointHistory } from '../checkpoint-files.js';
import { SealError } from '../seal-error.js';
import { readBlockLeaves, readLeaves } from './read-leaves.js';
import {
  countCommitted,
  readCheckpoint,
  readLastBlock,
  type SealedEnd,
} from './sealed.js';
import { SealState, writeBlock } from './write-block.js';

const CHECKPOINT_INTERVAL_MS = 800;

export interface SealerOptions {
  pool: Pool;
  shardCount: number;
  /** Where the log is kept. */
  storage: LogStorage;
  /** Where checkpoints are kept as well. */
  history: CheckpointHistory;
  signer: Signer;
  identity: LogIdentity;
  nowMs: () => number;
  /** While leaves are appended, a checkpoint is published as often. Default 800: at least one a second. */
  checkpointIntervalMs?: number;
}

/** What a sealer has done so far, for its operators. */
export interface SealerProgress {
  /** Positions that a checkpoint covers. */
  positions: number;
  /** Blocks that a checkpoint covers. */
  blocks: number;
  /** When the last checkpoint was published; null where there is none. */
  publishedAtMs: number | null;
}

/**
 * Gives committed entries their places in one total order, and appends them to the log in it. What is to be in the
 * log is committed to the database first, so that a crash at any moment leaves a log that can be gone on with.
 *
 * One at a time, see `acquireSealLock`. After an error, whatever it was, a sealer is of no more use: open another.
 */
export class Sealer {
  /** Below this, nothing is signed: more was signed before, and has to come out the same. */
  #signFrom: TreeHead | null = null;
  #publishedAtMs: number | null = null;
  #triedAtMs = 0;

  private constructor(
    private readonly options: SealerOptions,
    private readonly log: LogWriter,
    private readonly state: SealState,
  ) {}

  /**
   * Opens the log, makes sure that it is this database's, and appends what a crash has left out.
   *
   * @throws SealError where log, database and what was signed before do not agree: nothing is signed
   */
  static async open(options: SealerOptions): Promise<Sealer> {
    const { pool, storage, identity, shardCount } = options;
    const log = await openLog(storage, identity);
    const state = await SealState.read(pool, shardCount);
    await assertLogOf(state.end, log, options);
    const sealer = new Sealer(options, log, state);
    await sealer.#checkSigned();
    await sealer.#catchUp();
    return sealer;
  }

  get progress(): SealerProgress {
    const { blocks, size } = this.state.end;
    const positions = this.log.publishedSize;
    return {
      positions,
      blocks: positions === size ? blocks : Math.max(0, blocks - 1),
      publishedAtMs: this.#publishedAtMs,
    };
  }

  /** The number of entries that are committed and that no checkpoint covers. */
  async countUnsealed(): Promise<number> {
    const committed = await countCommitted(this.options.pool);
    const { positions, blocks } = this.progress;
    return Math.max(0, committed - (positions - blocks));
  }

  /**
   * Seals all that is committed, and publishes a checkpoint over it. Where there is nothing, no block is written until
   * the last one is old.
   *
   * @returns the number of entries
   * @throws SealError where the ledger is not what was sealed, or an entry not what was hashed: it is not signed
   */
  async seal(): Promise<number> {
    const { pool, nowMs } = this.options;
    let entries = 0;
    for (let isCut = true; isCut;) {
      const written = await writeBlock(pool, this.state, nowMs());
      if (!written) break;
      const { block, ranges } = written;
      await this.#append(readBlockLeaves(pool, block, ranges));
      await this.#publish();
      entries += block.entryCount;
      isCut = written.isCut;
    }
    return entries;
  }

  /** Appends what is in the database, and not in the log. */
  async #catchUp(): Promise<void> {
    if (this.log.size < this.state.end.size)
      await this.#append(readLeaves(this.options.pool, this.log.size));
    if (this.log.size !== this.state.end.size)
      throw new SealError(
        `the log ends at ${this.log.size}, but the ledger is sealed up to ${this.state.end.size}`,
      );
    if (this.log.size > this.log.publishedSize) await this.#publish();
  }

  async #append(pages: AsyncIterable<Buffer[]>): Promise<void> {
    const { checkpointIntervalMs = CHECKPOINT_INTERVAL_MS } = this.options;
    // Nothing waits for a checkpoint yet.
    this.#triedAtMs = performance.now();
    for await (const leaves of pages) {
      await this.#appendPage(leaves);
      if (performance.now() - this.#triedAtMs >= checkpointIntervalMs)
        await this.#publish();
    }
  }

  /** Appends leaves, and compares on the way with what was signed before. */
  async #appendPage(leaves: Buffer[]): Promise<void> {
    const left = this.#signFrom
      ? this.#signFrom.size - this.log.size
      : Infinity;
    await this.log.append(leaves.slice(0, left));
    if (this.#signFrom && this.log.size === this.#signFrom.size) {
      assertSame(this.#signFrom, await this.log.root());
      this.#signFrom = null;
    }
    if (leaves.length > left) await this.log.append(leaves.slice(left));
  }

  async #publish(): Promise<void> {
    this.#triedAtMs = performance.now();
    if (this.#signFrom || this.log.size === this.log.publishedSize) return;
    const note = await this.log.publishCheckpoint(this.options.signer);
    const atMs = this.options.nowMs();
    await this.options.history.append(note, atMs);
    await this.#record(note, atMs);
    this.#publishedAtMs = atMs;
  }

  async #record(note: Buffer, atMs: number): Promise<void> {
    const { pool, identity } = this.options;
    const { size, root } = openCheckpoint(note, identity);
    await pool.query({
      name: 'record-checkpoint',
      text: `
        INSERT INTO checkpoint (size, root, note, published_at)
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      values: [size, root, note.toString(), new Date(atMs)],
    });
  }

  /**
   * Compares what was signed before with the log, where it is as long, and else keeps it to compare with what is
   * appended. What a crash kept from being kept is kept now.
   */
  async #checkSigned(): Promise<void> {
    const { pool, history, storage, identity, nowMs } = this.options;
    const stored = await readCheckpoint(pool);
    const last = await history.last();
    const kept = last && openKept(last, identity);
    const published = await storage.read(CHECKPOINT_PATH);
    const hashes = tileHashReader(this.log.publishedSize, (path) =>
      storage.read(path),
    );
    for (const head of [stored, kept]) {
      if (!head) continue;
      if (head.size > this.state.end.size)
        throw new SealError(
          `a checkpoint of ${head.size} positions was signed, but the ledger is sealed up to ${this.state.end.size}: it was cut off, or restored to an earlier moment`,
        );
      if (head.size <= this.log.publishedSize)
        assertSame(head, await treeHash(head.size, hashes));
      else if (head.size > (this.#signFrom?.size ?? 0)) this.#signFrom = head;
    }
    this.#publishedAtMs = stored?.publishedAt.getTime() ?? null;
    if (!published) return;
    const { publishedSize } = this.log;
    if ((kept?.size ?? 0) < publishedSize)
      await history.append(published, nowMs());
    if ((stored?.size ?? 0) < publishedSize)
      await this.#record(published, nowMs());
  }
}

async function openLog(
  storage: LogStorage,
  identity: LogIdentity,
): Promise<LogWriter> {
  try {
    return await LogWriter.open(storage, identity);
  } catch (error) {
    // What the file system says may pass; what is in the files will not.
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new SealError(
      `the log cannot be gone on with: ${(error as Error).message}`,
    );
  }
}

/** Makes sure that the log is no longer than the ledger, and has the ledger's last block where both have one. */
async function assertLogOf(
  end: SealedEnd,
  log: LogWriter,
  { pool, storage }: SealerOptions,
): Promise<void> {
  const { publishedSize } = log;
  if (publishedSize > end.size)
    throw new SealError(
      `the log has ${publishedSize} positions, but the ledger is sealed up to ${end.size}: the ledger was cut off or restored to an earlier moment, or the log is another ledger's`,
    );
  const block = await readLastBlock(pool, publishedSize);
  if (!block) return;
  const leaves = readLogEntries(block.position, publishedSize, (path) =>
    storage.read(path),
  );
  const { value } = await leaves.next();
  if (!(value as Buffer | undefined)?.equals(block.leaf))
    throw new SealError(
      `block ${block.number} of the ledger is not what the log has at ${block.position}`,
    );
}

function openKept(note: Buffer, identity: LogIdentity): TreeHead {
  try {
    return openCheckpoint(note, identity);
  } catch (error) {
    throw new SealError(
      `the last checkpoint that was kept is not one of this log: ${(error as Error).message}`,
    );
  }
}

function assertSame({ size, root }: TreeHead, made: Buffer): void {
  if (!made.equals(root))
    throw new SealError(
      `the first ${size} positions are not what was signed: they have another root than the checkpoint of them`,
    );
}
