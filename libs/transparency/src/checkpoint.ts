import { HASH_BYTES } from './merkle.js';
import { decodeBase64, type Signer, type Verifier } from './note-keys.js';
import { openNote, signNote } from './note.js';

/** What a log says about itself at one moment, and signs (https://c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** The name of the log. */
  origin: string;
  /** The number of entries. */
  size: number;
  /** The root of the tree of these entries. */
  root: Buffer;
  /** Further lines, which mean nothing to the log. */
  extensions: readonly string[];
}

/** A checkpoint cannot be read, or is not one of this log. */
export class CheckpointError extends Error {}

/**
 * The text of a checkpoint: origin, size in decimal, root in base64, and further lines if any.
 *
 * @throws CheckpointError where a field would not be read again as it is
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions } = checkpoint;
  const lines = [origin, String(size), root.toString('base64'), ...extensions];
  const text = `${lines.join('\n')}\n`;
  const again = parseCheckpoint(text);
  if (again.origin !== origin || again.extensions.length !== extensions.length)
    throw new CheckpointError(
      'a line of the checkpoint has a newline within it',
    );
  return text;
}

/** @throws CheckpointError where it is not the text of a checkpoint, written in the only right way */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '')
    throw new CheckpointError('the checkpoint does not end with a newline');
  if (lines.length < 3)
    throw new CheckpointError(
      `a checkpoint of ${lines.length} lines: it needs origin, size and root`,
    );
  if (lines.includes(''))
    throw new CheckpointError('the checkpoint has an empty line');
  const [origin = '', decimal = '', base64 = '', ...extensions] = lines;
  const size = Number(decimal);
  if (!/^(0|[1-9]\d*)$/.test(decimal) || !Number.isSafeInteger(size))
    throw new CheckpointError(`not the size of a tree: ${decimal}`);
  const root = decodeBase64(base64);
  if (root?.length !== HASH_BYTES)
    throw new CheckpointError(
      `not the base64 of a hash of ${HASH_BYTES} bytes: ${base64}`,
    );
  return { origin, size, root, extensions };
}

/** A checkpoint as a signed note: what a log serves at `<prefix>/checkpoint`. */
export function signCheckpoint(
  checkpoint: Checkpoint,
  ...signers: Signer[]
): Buffer {
  return signNote(formatCheckpoint(checkpoint), ...signers);
}

/** By what one knows a log: its name and the keys that it signs with. */
export interface LogIdentity {
  origin: string;
  /** One is enough to have signed; more while a key is replaced. */
  verifiers: readonly Verifier[];
}

/**
 * Reads a signed checkpoint of a log.
 *
 * @throws NoteError where it is not signed by the log
 * @throws CheckpointError where what is signed is not a checkpoint, or one of another log
 */
export function openCheckpoint(
  note: Uint8Array,
  { origin, verifiers }: LogIdentity,
): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, verifiers).text);
  if (checkpoint.origin !== origin)
    throw new CheckpointError(
      `a checkpoint of ${checkpoint.origin}, and not of ${origin}`,
    );
  return checkpoint;
}
