import {
  openCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type LogIdentity,
} from './checkpoint.js';
import { CHECKPOINT_PATH, type LogStorage } from './log-storage.js';
import { EMPTY_ROOT, proveConsistency } from './merkle.js';
import type { Signer } from './note-keys.js';
import { RightEdge, type TileFile } from './right-edge.js';
import {
  fullTile,
  partialTiles,
  supersededTiles,
  tileHashReader,
  tilePath,
} from './tiles.js';
import { verifyConsistency } from './verify-proof.js';

/** Full tiles are written when there are this many bytes of them: what bounds the memory of an append. */
const PENDING_BYTES_MAX = 4 * 1024 * 1024;

/** A log cannot go on as it was asked to. */
export class LogError extends Error {}

/**
 * The one writer of a log. What it appends counts when a checkpoint covers it: a log that is opened again
 * stands at its last checkpoint, and what had been written beyond is written over.
 *
 * After an error, whatever it was, nothing more is taken: what the storage has is then for the next
 * opening to find out.
 */
export class LogWriter {
  readonly #storage: LogStorage;
  readonly #identity: LogIdentity;
  readonly #edge: RightEdge;
  #published: Buffer | undefined;
  #head: Pick<Checkpoint, 'size' | 'root'>;
  #pending: TileFile[] = [];
  #pendingBytes = 0;
  #state: 'ready' | 'busy' | 'failed' = 'ready';

  private constructor(
    storage: LogStorage,
    identity: LogIdentity,
    edge: RightEdge,
    published: Buffer | undefined,
    head: Pick<Checkpoint, 'size' | 'root'>,
  ) {
    this.#storage = storage;
    this.#identity = identity;
    this.#edge = edge;
    this.#published = published;
    this.#head = head;
  }

  /**
   * Opens a log at its last published checkpoint; one without a checkpoint is empty.
   *
   * @throws NoteError, CheckpointError where the checkpoint is not one of this log
   * @throws Error where the tiles do not make the tree that it states
   */
  static async open(
    storage: LogStorage,
    identity: LogIdentity,
  ): Promise<LogWriter> {
    const published = await storage.read(CHECKPOINT_PATH);
    const head = published
      ? openCheckpoint(published, identity)
      : { size: 0, root: EMPTY_ROOT };
    const read = (path: string) => storage.read(path);
    const edge = await RightEdge.restore(head.size, read);
    if (!head.root.equals(await edge.root()))
      throw new LogError(
        `the tiles of ${identity.origin} do not make the root of its checkpoint at ${head.size}`,
      );
    return new LogWriter(storage, identity, edge, published, head);
  }

  /** The number of entries, with those that no checkpoint covers yet. */
  get size(): number {
    return this.#edge.size;
  }

  /** The number of entries that the last checkpoint covers: where to go on after a crash. */
  get publishedSize(): number {
    return this.#head.size;
  }

  /** The root of the tree of all entries, with those that no checkpoint covers yet. */
  root(): Promise<Buffer> {
    return this.#exclusively(() => this.#edge.root());
  }

  /**
   * Appends entries: the first one gets the index that `size` was. Full tiles are written as they come, so
   * that any number of entries can be appended; the rest is written with the next checkpoint.
   *
   * @throws RangeError where an entry is longer than 65,535 bytes
   */
  append(
    entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    return this.#exclusively(async () => {
      // An array's entries need no waiting for; `for await` would wait a turn for each.
      if (Symbol.iterator in entries) {
        for (const entry of entries) {
          if (this.#add(entry)) await this.#writePending();
        }
      } else {
        for await (const entry of entries) {
          if (this.#add(entry)) await this.#writePending();
        }
      }
    });
  }

  /**
   * Publishes a checkpoint over all that was appended, once everything that it covers is stored for good,
   * and proven from the stored tiles to continue the last checkpoint.
   *
   * @returns the signed checkpoint
   * @throws ProofError where the log is not the continuation of its last checkpoint: nothing is signed
   * @throws LogError where another writer has published meanwhile
   */
  publishCheckpoint(...signers: Signer[]): Promise<Buffer> {
    return this.#exclusively(async () => {
      const { origin } = this.#identity;
      const size = this.#edge.size;
      const root = await this.#edge.root();
      this.#pending.push(...this.#edge.partialFiles());
      await this.#writePending();
      await this.#removeShadows();
      await this.#assertContinues({ size, root });
      const checkpoint = { origin, size, root, extensions: [] };
      const note = signCheckpoint(checkpoint, ...signers);
      // Not published unless it can be opened again.
      openCheckpoint(note, this.#identity);
      await this.#storage.write([{ path: CHECKPOINT_PATH, bytes: note }]);
      const before = this.#head.size;
      this.#published = note;
      this.#head = { size, root };
      await this.#removeSuperseded(before, size);
      return note;
    });
  }

  /** @returns whether it is time to write what is pending */
  #add(entry: Uint8Array): boolean {
    for (const file of this.#edge.append(entry)) {
      this.#pending.push(file);
      this.#pendingBytes += file.bytes.length;
    }
    return this.#pendingBytes >= PENDING_BYTES_MAX;
  }

  async #writePending(): Promise<void> {
    await this.#storage.write(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  async #assertContinues(head: { size: number; root: Buffer }): Promise<void> {
    const stored = await this.#storage.read(CHECKPOINT_PATH);
    if (!sameBytes(stored, this.#published))
      throw new LogError(
        `another writer has published a checkpoint of ${this.#identity.origin}`,
      );
    const hashes = tileHashReader(head.size, (path) =>
      this.#storage.read(path),
    );
    const proof = await proveConsistency(this.#head.size, head.size, hashes);
    verifyConsistency(this.#head, head, proof);
  }

  /**
   * Removes full tiles at the places of partial ones: a crash may have left them, with other entries than
   * were appended since, and readers may take them in the place of the partial ones.
   */
  async #removeShadows(): Promise<void> {
    for (const tile of partialTiles(this.#edge.size))
      await this.#storage.remove(tilePath(fullTile(tile)));
  }

  /** Removes partial tiles that full ones have taken the place of, as the specification allows. */
  async #removeSuperseded(from: number, to: number): Promise<void> {
    for (const tile of supersededTiles(from, to))
      await this.#storage.remove(`${tilePath(fullTile(tile))}.p`);
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#state === 'busy')
      throw new LogError('the log is being written: one call at a time');
    if (this.#state === 'failed')
      throw new LogError('writing the log failed before: open it again');
    this.#state = 'busy';
    try {
      const result = await work();
      this.#state = 'ready';
      return result;
    } catch (error) {
      this.#state = 'failed';
      throw error;
    }
  }
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
