import {
  assertKeyName,
  decodeBase64,
  formatKeyHash,
  isKeyName,
  type Signer,
  type Verifier,
} from './note-keys.js';

/** A note cannot be read, or is not signed by whom it should be. */
export class NoteError extends Error {}

/** One signature line of a note. */
export interface NoteSignature {
  name: string;
  keyHash: number;
  signature: Buffer;
}

/** A note whose signatures have been checked. */
export interface Note {
  /** With its last newline, without the blank line behind it. */
  text: string;
  /** By known keys, and right; at least one. */
  signatures: NoteSignature[];
  /** By keys that are not known; they say nothing. */
  unknownSignatures: NoteSignature[];
}

/** Limits on what is read from others; Go's implementation has them as well. */
const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;

const SIGNATURE_PREFIX = '— ';

/**
 * Signs a text: a signed note (https://c2sp.org/signed-note, "Format").
 *
 * @param text ends with a newline
 * @throws NoteError where the text cannot be that of a note
 */
export function signNote(text: string, ...signers: Signer[]): Buffer {
  assertNoteText(text);
  const bytes = Buffer.from(text);
  const lines = signers.map((signer) => {
    assertKeyName(signer.name);
    const id = Buffer.alloc(4);
    id.writeUInt32BE(signer.keyHash);
    const signature = Buffer.concat([id, signer.sign(bytes)]);
    return `${SIGNATURE_PREFIX}${signer.name} ${signature.toString('base64')}\n`;
  });
  return Buffer.from(`${text}\n${lines.join('')}`);
}

/**
 * Reads a signed note and checks the signatures of all keys that are known.
 *
 * @throws NoteError where it is malformed, where a signature by a known key is wrong, or where no known
 *   key has signed it
 */
export function openNote(
  note: Uint8Array,
  verifiers: readonly Verifier[],
): Note {
  const { text, lines } = splitNote(note);
  const bytes = Buffer.from(text);
  const signatures: NoteSignature[] = [];
  const unknownSignatures: NoteSignature[] = [];
  for (const signature of lines.map(parseSignatureLine)) {
    const verifier = findVerifier(signature, verifiers);
    if (verifier === undefined) {
      unknownSignatures.push(signature);
    } else if (verifier.verify(bytes, signature.signature)) {
      signatures.push(signature);
    } else {
      throw new NoteError(`the signature of ${nameKey(signature)} is wrong`);
    }
  }
  if (signatures.length === 0) {
    const wanted = verifiers.map(nameKey).join(', ') || 'nobody';
    const found = unknownSignatures.map(nameKey).join(', ') || 'nobody';
    throw new NoteError(`the note is signed by ${found}, and not by ${wanted}`);
  }
  return { text, signatures, unknownSignatures };
}

/** The text is what stands before the last blank line, whatever is in it. */
function splitNote(note: Uint8Array): { text: string; lines: string[] } {
  if (note.length > MAX_NOTE_BYTES)
    throw new NoteError(`a note of ${note.length} bytes is too long`);
  const all = decodeUtf8(note);
  const split = all.lastIndexOf('\n\n');
  if (split < 0)
    throw new NoteError('the note has no blank line before its signatures');
  const text = all.slice(0, split + 1);
  const signatures = all.slice(split + 2);
  assertNoteText(text);
  if (!signatures.endsWith('\n'))
    throw new NoteError('the note does not end with a signature and a newline');
  const lines = signatures.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES)
    throw new NoteError(`a note with ${lines.length} signatures is too long`);
  return { text, lines };
}

function parseSignatureLine(line: string): NoteSignature {
  const [name = '', base64 = '', ...rest] = line
    .slice(SIGNATURE_PREFIX.length)
    .split(' ');
  const bytes = decodeBase64(base64);
  if (
    !line.startsWith(SIGNATURE_PREFIX) ||
    !isKeyName(name) ||
    bytes === undefined ||
    bytes.length < 5 ||
    rest.length > 0
  )
    throw new NoteError(`not a signature line: ${JSON.stringify(line)}`);
  return {
    name,
    keyHash: bytes.readUInt32BE(),
    signature: bytes.subarray(4),
  };
}

function findVerifier(
  { name, keyHash }: NoteSignature,
  verifiers: readonly Verifier[],
): Verifier | undefined {
  const known = verifiers.filter(
    (verifier) => verifier.name === name && verifier.keyHash === keyHash,
  );
  if (known.length > 1)
    throw new NoteError(
      `two of the known keys are ${nameKey({ name, keyHash })}`,
    );
  return known[0];
}

function assertNoteText(text: string): void {
  if (!text.endsWith('\n'))
    throw new NoteError('the text of the note does not end with a newline');
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x09\x0b-\x1f]/.test(text) || !text.isWellFormed())
    throw new NoteError('the note has control characters or is not UTF-8');
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw new NoteError('the note is not UTF-8');
  }
}

function nameKey({ name, keyHash }: Pick<Verifier, 'name' | 'keyHash'>) {
  return `${name}+${formatKeyHash(keyHash)}`;
}
