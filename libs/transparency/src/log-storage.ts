import type { TileFile } from './right-edge.js';

/** The path of the checkpoint within a log (https://c2sp.org/tlog-tiles, "Checkpoints"). */
export const CHECKPOINT_PATH = 'checkpoint';

/**
 * Where a log is kept: bytes under paths. Small, so that a directory will do as well as a bucket of an
 * object storage. One writer at a time; who makes sure of that is not known here.
 */
export interface LogStorage {
  /** The bytes at a path; undefined where there is nothing. */
  read(path: string): Promise<Buffer | undefined>;

  /**
   * Writes files, in any order. Each is there as a whole or as it was before, whatever happens; when the
   * promise resolves, all are there for good, even through a loss of power.
   */
  write(files: readonly TileFile[]): Promise<void>;

  /** Removes what is at a path, and under it; for good when the promise resolves. */
  remove(path: string): Promise<void>;
}
