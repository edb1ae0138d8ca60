import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HASH_BYTES } from '@app/transparency';

const HASHES_A_READ = 16_384;
const NONE = Buffer.alloc(HASH_BYTES);

/**
 * Hashes of leaves by their position, put down in any order: a file that is gone when it is closed, since a ledger
 * has more of them than fit in memory.
 */
export class LeafHashFile {
  #size = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly directory: string,
  ) {}

  static async create(): Promise<LeafHashFile> {
    const directory = await mkdtemp(join(tmpdir(), 'leaf-hashes-'));
    return new LeafHashFile(
      await open(join(directory, 'hashes'), 'w+'),
      directory,
    );
  }

  /** The position behind the last hash. */
  get size(): number {
    return this.#size;
  }

  /** @param hashes concatenated, for positions from `position` on */
  async put(position: number, hashes: Uint8Array): Promise<void> {
    await this.file.write(hashes, 0, hashes.length, position * HASH_BYTES);
    const end = position + hashes.length / HASH_BYTES;
    this.#size = Math.max(this.#size, end);
  }

  /** The hash at each position from 0 on; null where none was put down. */
  async *read(): AsyncGenerator<Buffer | null> {
    const buffer = Buffer.alloc(HASHES_A_READ * HASH_BYTES);
    for (let at = 0; at < this.#size; at += HASHES_A_READ) {
      const count = Math.min(HASHES_A_READ, this.#size - at);
      const length = count * HASH_BYTES;
      await this.file.read(buffer, 0, length, at * HASH_BYTES);
      for (let i = 0; i < length; i += HASH_BYTES) {
        const hash = Buffer.from(buffer.subarray(i, i + HASH_BYTES));
        yield hash.equals(NONE) ? null : hash;
      }
    }
  }

  async close(): Promise<void> {
    await this.file.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
