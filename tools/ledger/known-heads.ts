import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Finding } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import type { KnownHead, LogCopy } from '@app/sealing/postgres';
import type { LogIdentity } from '@app/transparency';
import { describeError } from '@app/platform/describe-error';
import { UserError } from '../support/cli.js';

/** Where to find what the log has said about itself. */
export interface SealSources {
  /** Files of checkpoints that somebody kept. */
  checkpoints: readonly string[];
  /** The directory of the log; null where there is no copy at hand. */
  log: string | null;
  /** The key that signs the log, or the file that it is in; null for the log's own. */
  publicKey: string | null;
}

export interface KnownHeads {
  heads: KnownHead[];
  log: LogCopy | null;
  /** Checkpoints that the log has not signed. */
  findings: Finding[];
}

/**
 * Gathers heads of the log: those that were kept, those that the log's directory has, and the database's own.
 *
 * @throws UserError where something that was named cannot be read
 */
export async function findKnownHeads(
  pool: Pool,
  { checkpoints, log, publicKey }: SealSources,
): Promise<KnownHeads> {
  const { LogDirectory, CHECKPOINT_PATH } = await import('@app/transparency');
  const { readCheckpoint } = await import('@app/sealing/postgres');
  const identity = await readIdentity(publicKey, log);
  const reader = new NoteReader(identity);
  for (const path of checkpoints)
    await reader.readAll(path, await read(path), basename(path));
  let copy: LogCopy | null = null;
  if (log !== null) {
    const directory = new LogDirectory(log);
    const published = await directory.read(CHECKPOINT_PATH);
    const head =
      published && (await reader.read(published, "the log's checkpoint"));
    if (head) copy = { size: head.size, read: (path) => directory.read(path) };
    for (const path of await keptFiles(join(log, 'checkpoints')))
      await reader.readLast(await read(path), basename(path));
  }
  const stored = await readCheckpoint(pool);
  if (stored)
    reader.heads.push({ ...stored, source: "the database's checkpoint" });
  return { heads: reader.heads, log: copy, findings: reader.findings };
}

/** Opens checkpoints, and tells of those that are not the log's. */
class NoteReader {
  readonly heads: KnownHead[] = [];
  readonly findings: Finding[] = [];

  /** @param identity null where no key is known */
  constructor(private readonly identity: LogIdentity | null) {}

  async readAll(path: string, bytes: Buffer, source: string): Promise<void> {
    const notes = await notesIn(bytes);
    if (notes.length === 0)
      throw new UserError(`${path} has no checkpoint in it.`);
    for (const note of notes)
      await this.read(note, `the checkpoint in ${source}`);
  }

  async readLast(bytes: Buffer, source: string): Promise<void> {
    const last = (await notesIn(bytes)).at(-1);
    if (last) await this.read(last, `the last checkpoint in ${source}`);
  }

  async read(note: Buffer, source: string): Promise<KnownHead | null> {
    if (this.identity === null)
      throw new UserError(
        'No public key is known to check checkpoints with: give --public-key.',
      );
    const { openCheckpoint } = await import('@app/transparency');
    try {
      const { size, root } = openCheckpoint(note, this.identity);
      const head = { size, root, source };
      this.heads.push(head);
      return head;
    } catch (error) {
      const problem = `${source} is not one of this log: ${describeError(error)}`;
      this.findings.push({ shard: null, entryId: null, problem });
      return null;
    }
  }
}

/** One note, or a file of them as the sealer keeps it. */
async function notesIn(bytes: Buffer): Promise<Buffer[]> {
  const { parseCheckpointFile } = await import('@app/sealing');
  // The file of one note may end with it; in a file of many, each is followed by an empty line.
  return parseCheckpointFile(`${bytes.toString().trimEnd()}\n\n`);
}

async function readIdentity(
  publicKey: string | null,
  log: string | null,
): Promise<LogIdentity | null> {
  const { parseVerifierKey } = await import('@app/transparency');
  const ownKey = log === null ? null : join(log, 'key.pub');
  const key =
    publicKey ??
    (ownKey === null ? null : await readFile(ownKey, 'utf8').catch(() => null));
  if (key === null) return null;
  const text = key.includes('+') ? key : (await read(key)).toString();
  try {
    const verifier = parseVerifierKey(text.trim());
    return { origin: verifier.name, verifiers: [verifier] };
  } catch (error) {
    throw new UserError(
      `${publicKey === null ? ownKey : '--public-key'} is no public key of a log: ${describeError(error)}.`,
    );
  }
}

async function keptFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => join(directory, name));
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new UserError(`${path} cannot be read: ${describeError(error)}.`);
  });
}
