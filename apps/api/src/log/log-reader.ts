import { HttpStatus } from '@nestjs/common';
import { ProblemException } from '@app/platform';
import {
  CHECKPOINT_PATH,
  LogDirectory,
  parseCheckpoint,
  proveConsistency,
  proveInclusion,
  readEntries,
  tileHashReader,
  type Checkpoint,
  type PathReader,
} from '@app/transparency';

/** A signed checkpoint, and what it says. */
export interface PublishedCheckpoint {
  /** As it is signed: whoever relies on it checks its signature. */
  note: string;
  checkpoint: Checkpoint;
}

/** Tiles may be taken away, for fuller ones, between reading the checkpoint and reading them. */
const TRIES = 3;

/** Proves things of the transparency log out of its tiles; see docs/transparency-log.md. */
export class LogReader {
  readonly #read: PathReader;

  /** @param directory of the log's tiles; undefined where this service has none */
  constructor(directory: string | undefined) {
    const log = directory === undefined ? null : new LogDirectory(directory);
    this.#read = (path) => log?.read(path) ?? Promise.resolve(undefined);
  }

  /** @throws ProblemException 503 `log-unavailable` where there is no log, or nothing is signed yet */
  async checkpoint(): Promise<PublishedCheckpoint> {
    const bytes = await this.#read(CHECKPOINT_PATH);
    if (!bytes)
      throw new ProblemException({
        kind: 'log-unavailable',
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'The api has no transparency log, or nothing is signed yet.',
      });
    const note = bytes.toString();
    const signaturesAt = note.indexOf('\n\n') + 1;
    return { note, checkpoint: parseCheckpoint(note.slice(0, signaturesAt)) };
  }

  /** The leaf at a position, and the proof that it is in a tree of that size: one of the log's, or the last. */
  proveInclusion(
    position: number,
    size: number,
  ): Promise<{ leaf: Buffer; proof: Buffer[] }> {
    return this.#withTiles(async (tiles) => {
      const entries = readEntries(position, tiles, this.#read);
      const [proof, leaf] = await Promise.all([
        proveInclusion(position, size, tileHashReader(tiles, this.#read)),
        entries.next(),
      ]);
      return { leaf: leaf.value as Buffer, proof };
    });
  }

  /** The proof that the tree of one size begins with the tree of another. */
  proveConsistency(from: number, to: number): Promise<Buffer[]> {
    return this.#withTiles((tiles) =>
      proveConsistency(from, to, tileHashReader(tiles, this.#read)),
    );
  }

  /** @param work with the size of the tree that tiles are there of, which those of any smaller tree are in */
  async #withTiles<Result>(
    work: (size: number) => Promise<Result>,
  ): Promise<Result> {
    for (let left = TRIES - 1; ; left -= 1) {
      const { checkpoint } = await this.checkpoint();
      try {
        return await work(checkpoint.size);
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }
}
