import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LogStorage } from './log-storage.js';
import type { TileFile } from './right-edge.js';

/** Where files are written before they are moved to their place: on the same file system, and not served. */
const TEMPORARY = '.tmp';

/** How many files are written at a time: enough for the disk to write many of them in one go. */
const WRITES_MAX = 32;

/** The only paths that a log has: nothing that leads out of it. */
const LOG_PATH = /^(checkpoint|tile\/(\d+|entries)(\/x?\d{3})+(\.p(\/\d+)?)?)$/;

/**
 * A log in a directory, laid out as it is served: any web server makes it public as it stands. The only
 * part of this library that does I/O.
 */
export class LogDirectory implements LogStorage {
  readonly #root: string;
  #prepared: Promise<void> | undefined;
  #temporaryFiles = 0;

  /** @param root made with the first write, if need be */
  constructor(root: string) {
    this.#root = resolve(root);
  }

  async read(path: string): Promise<Buffer | undefined> {
    return unlessMissing(readFile(this.#at(path)));
  }

  async write(files: readonly TileFile[]): Promise<void> {
    await (this.#prepared ??= this.#prepare());
    const folders = new Set(files.map(({ path }) => dirname(path)));
    for (const folder of folders)
      await mkdir(join(this.#root, folder), { recursive: true });
    const waiting = [...files];
    const writer = async () => {
      for (let file = waiting.pop(); file; file = waiting.pop())
        await this.#writeFile(file);
    };
    await Promise.all(Array.from({ length: WRITES_MAX }, writer));
    await this.#sync(folders);
  }

  async remove(path: string): Promise<void> {
    const removed = await unlessMissing(
      rm(this.#at(path), { recursive: true }).then(() => true),
    );
    if (removed) await this.#sync([dirname(path)]);
  }

  /** Makes the directory, and clears away what a crash left half-written: for the writer alone to do. */
  async #prepare(): Promise<void> {
    const temporary = join(this.#root, TEMPORARY);
    await rm(temporary, { recursive: true, force: true });
    const made = await mkdir(temporary, { recursive: true });
    const top = dirname(made ?? temporary);
    for (let at = temporary; at !== top; at = dirname(at))
      await syncDirectory(dirname(at));
  }

  async #writeFile({ path, bytes }: TileFile): Promise<void> {
    const target = this.#at(path);
    const name = `${process.pid}-${this.#temporaryFiles++}`;
    const temporary = join(this.#root, TEMPORARY, name);
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  }

  /** Makes what folders list permanent, and the folders themselves: a folder is an entry of the one above. */
  async #sync(folders: Iterable<string>): Promise<void> {
    const all = new Set<string>();
    for (const folder of folders) {
      for (let at = folder; at !== '.'; at = dirname(at)) all.add(at);
      all.add('.');
    }
    await Promise.all(
      [...all].map((folder) => syncDirectory(join(this.#root, folder))),
    );
  }

  #at(path: string): string {
    if (!LOG_PATH.test(path)) throw new Error(`not a path of a log: ${path}`);
    return join(this.#root, path);
  }
}

/** Makes what a folder lists permanent. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
