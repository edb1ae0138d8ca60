import { mkdir, open, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '@app/transparency';

/** Behind each note: an empty line. A checkpoint's text has none, and one stands between text and signatures. */
const END = '\n\n';
const FILE = /^\d{4}-\d\d-\d\d\.txt$/;

/** Checkpoints, kept outside of the database. */
export interface CheckpointHistory {
  /** The last note; undefined where there is none. */
  last(): Promise<Buffer | undefined>;
  /** Keeps a note for good. */
  append(note: Buffer, atMs: number): Promise<void>;
}

/** Every checkpoint that was published, as signed notes in a file for each day (UTC), one behind the other. */
export class CheckpointFiles implements CheckpointHistory {
  /** The file that this process has made sure of. */
  #current: string | undefined;

  /** @param directory made with the first note, if need be */
  constructor(private readonly directory: string) {}

  async last(): Promise<Buffer | undefined> {
    for (const file of (await this.#files()).toReversed()) {
      const note = parseCheckpointFile(
        await readFile(join(this.directory, file), 'utf8'),
      ).at(-1);
      if (note) return note;
    }
    return undefined;
  }

  async append(note: Buffer, atMs: number): Promise<void> {
    const name = `${new Date(atMs).toISOString().slice(0, 10)}.txt`;
    const path = join(this.directory, name);
    const isNew = name !== this.#current && (await this.#begin(name));
    await appendSynced(path, `${note.toString()}\n`);
    if (isNew) await syncDirectory(this.directory);
    this.#current = name;
  }

  /** @returns whether there is no such file yet */
  async #begin(name: string): Promise<boolean> {
    await mkdir(this.directory, { recursive: true });
    if (!(await this.#files()).includes(name)) return true;
    await cutOffTornNote(join(this.directory, name));
    return false;
  }

  async #files(): Promise<string[]> {
    const names = await readdir(this.directory).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => FILE.test(name)).sort();
  }
}

/** The notes in a file of checkpoints; one that a crash cut off is left out. */
export function parseCheckpointFile(text: string): Buffer[] {
  const parts = text.split(END);
  const notes: Buffer[] = [];
  for (let i = 0; i + 2 < parts.length; i += 2)
    notes.push(Buffer.from(`${parts[i]}${END}${parts[i + 1]}\n`));
  return notes;
}

async function cutOffTornNote(path: string): Promise<void> {
  const bytes = await readFile(path);
  const whole = parseCheckpointFile(bytes.toString()).reduce(
    (length, note) => length + note.length + 1,
    0,
  );
  if (whole < bytes.length) await truncate(path, whole);
}

async function appendSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
