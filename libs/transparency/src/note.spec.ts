import fc from 'fast-check';
import { unhex } from '../test/logs.js';
import { VECTORS } from '../test/vectors.js';
import {
  generateKey,
  parseSignerKey,
  parseVerifierKey,
  verifierKeyOf,
} from './note-keys.js';
import { NoteError, openNote, signNote } from './note.js';

/** The example of Go's golang.org/x/mod/sumdb/note. */
const PETER = {
  signerKey:
    'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  verifierKey:
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};
const peter = parseVerifierKey(PETER.verifierKey);
const mary = generateKey('mary');

const noteOf = (...lines: string[]) =>
  Buffer.from(`${PETER.text}\n${lines.join('')}`);

describe('a signed note', () => {
  it('is signed as Go signs it', () => {
    const signer = parseSignerKey(PETER.signerKey);
    expect(signNote(PETER.text, signer)).toEqual(noteOf(PETER.line));
  });

  it.each(VECTORS.notes)('by $name is as Go makes it', (vector) => {
    const keys = generateKey(vector.name, unhex(vector.seed));
    expect(keys.signerKey).toBe(vector.signerKey);
    expect(keys.verifierKey).toBe(vector.verifierKey);
    expect(verifierKeyOf(vector.signerKey)).toBe(vector.verifierKey);
    const signer = parseSignerKey(vector.signerKey);
    expect(signNote(vector.text, signer).toString()).toBe(vector.note);
    const verifier = parseVerifierKey(vector.verifierKey);
    const { text } = openNote(Buffer.from(vector.note), [verifier]);
    expect(text).toBe(vector.text);
  });

  it('is opened with one known key, whoever else has signed', () => {
    const both = noteOf(signatureLine('mary'), PETER.line);
    const note = openNote(both, [peter]);
    expect(note.text).toBe(PETER.text);
    expect(note.signatures).toMatchObject([
      { name: 'PeterNeumann', keyHash: 0xc74f20a3 },
    ]);
    expect(note.unknownSignatures).toMatchObject([{ name: 'mary' }]);
  });

  it('is not opened where no known key has signed it', () => {
    const known = [parseVerifierKey(mary.verifierKey)];
    expect(() => openNote(noteOf(PETER.line), known)).toThrow(
      /^the note is signed by PeterNeumann\+c74f20a3, and not by mary\+/,
    );
    expect(() => openNote(noteOf(PETER.line), [])).toThrow(NoteError);
  });

  it('is not opened where a known key did not sign this', () => {
    const changed = noteOf(PETER.line).toString().replace('answer', 'question');
    expect(() => openNote(Buffer.from(changed), [peter])).toThrow(
      'the signature of PeterNeumann+c74f20a3 is wrong',
    );
  });

  it('is not opened where two known keys cannot be told apart', () => {
    expect(() => openNote(noteOf(PETER.line), [peter, peter])).toThrow(
      'two of the known keys are PeterNeumann+c74f20a3',
    );
  });

  it('is not opened where any bit of it was changed', () => {
    const note = noteOf(PETER.line);
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(note);
        changed[at]! ^= 1 << bit;
        expect(() => openNote(changed, [peter])).toThrow(NoteError);
      }),
    );
  });

  it('holds any text', () => {
    const anyText = fc
      .string({ unit: 'binary' })
      .map((text) => `${text.replace(/\p{Cc}/gu, '\n')}\n`);
    const keys = generateKey('example.com/any');
    const signer = parseSignerKey(keys.signerKey);
    const known = [parseVerifierKey(keys.verifierKey)];
    fc.assert(
      fc.property(anyText, (text) => {
        expect(openNote(signNote(text, signer), known).text).toBe(text);
      }),
    );
  });

  it.each<[string, string | Buffer]>([
    ['no blank line before', PETER.text + PETER.line],
    ['does not end with a signature', `${PETER.text}\n`],
    ['does not end with a signature', noteOf(PETER.line).subarray(0, -1)],
    ['control characters', noteOf(PETER.line).toString().replace('I', '\t')],
    ['not UTF-8', Buffer.concat([Buffer.of(0xff), noteOf(PETER.line)])],
    ['not a signature line', noteOf(PETER.line.replace('—', '-'))],
    ['not a signature line', noteOf(PETER.line.replace('x08', 'x0*'))],
    ['not a signature line', noteOf(PETER.line.replace('Peter', 'Peter+'))],
    ['not a signature line', noteOf('— PeterNeumann x08goA==\n')],
    ['a note with 101 signatures', noteOf(PETER.line.repeat(101))],
    ['too long', Buffer.alloc(1_000_001, 'a')],
  ])('cannot be read where it is malformed: %s', (reason, note) => {
    expect(() => openNote(Buffer.from(note), [peter])).toThrow(
      expect.toSatisfy(
        (error) => error instanceof NoteError && error.message.includes(reason),
      ),
    );
  });

  it('is not made of a text that cannot be read again', () => {
    const signer = parseSignerKey(PETER.signerKey);
    expect(() => signNote('no newline', signer)).toThrow(NoteError);
    expect(() => signNote('\r\n', signer)).toThrow('control characters');
    expect(() => signNote('\ud800\n', signer)).toThrow('not UTF-8');
  });
});

describe('a key', () => {
  it('is new each time, and signs what its other half verifies', () => {
    const again = generateKey('mary');
    expect(again.signerKey).not.toBe(mary.signerKey);
    const signer = parseSignerKey(mary.signerKey);
    const verifier = parseVerifierKey(mary.verifierKey);
    const text = Buffer.from('text');
    expect(verifier.verify(text, signer.sign(text))).toBe(true);
    expect(verifier.verify(text, Buffer.alloc(64))).toBe(false);
    expect(verifier.verify(text, Buffer.alloc(3))).toBe(false);
  });

  it.each(['', 'with space', 'no\u00a0break', 'a+b', 'a\nb', '\ud800'])(
    'is not named %j',
    (name) => {
      expect(() => generateKey(name)).toThrow('not the name of a key');
    },
  );

  it.each([
    ['PeterNeumann+c74f20a3', 'is not <name>+<hash>+<base64>'],
    [PETER.verifierKey.replace('c74f', 'c74'), 'is not <name>+<hash>+<base64>'],
    [PETER.verifierKey.replace('ARpc', 'AR*c'), 'is not <name>'],
    [PETER.verifierKey.replace('ARpc', 'ZRpc'), 'is not for Ed25519'],
    [`${PETER.verifierKey}AAAA`, 'is not of 32 bytes'],
    [
      PETER.verifierKey.replace('c74f20a3', 'c74f20a4'),
      'has the hash c74f20a4, and not its own, c74f20a3',
    ],
    [PETER.verifierKey.replace('Peter', 'Paul'), 'and not its own'],
  ])('to verify with is not %s', (key, reason) => {
    expect(() => parseVerifierKey(key)).toThrow(reason);
  });

  it('to sign with is refused without being shown', () => {
    const secret = 'AYEKFALVFGyNhPJEMzD1QIDr';
    const broken = PETER.signerKey.replace('c74f20a3', '00000000');
    expect(() => parseSignerKey(broken)).toThrow('and not its own');
    expect(() => parseSignerKey(broken)).not.toThrow(secret);
    expect(() => parseSignerKey(PETER.verifierKey)).toThrow(
      'does not begin with PRIVATE+KEY+',
    );
  });
});

function signatureLine(name: 'mary'): string {
  const note = signNote(PETER.text, parseSignerKey(mary.signerKey)).toString();
  return note.slice(note.lastIndexOf(`— ${name}`));
}
