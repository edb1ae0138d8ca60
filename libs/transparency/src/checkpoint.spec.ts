import fc from 'fast-check';
import { LOG, SIGNER } from '../test/logs.js';
import {
  CheckpointError,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.js';
import { parseVerifierKey } from './note-keys.js';
import { NoteError } from './note.js';

const ROOT = Buffer.alloc(32, 0xab);
const BASE64 = ROOT.toString('base64');
const checkpoint = {
  origin: LOG.origin,
  size: 42,
  root: ROOT,
  extensions: [],
};

const anyLine = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((line) => !/\p{Cc}/u.test(line));

describe('a checkpoint', () => {
  it('is three lines, and further ones if any', () => {
    const text = `example.com/log\n42\n${BASE64}\n`;
    expect(formatCheckpoint(checkpoint)).toBe(text);
    const more = { ...checkpoint, extensions: ['one', 'two'] };
    expect(formatCheckpoint(more)).toBe(`${text}one\ntwo\n`);
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.record({
          origin: anyLine,
          size: fc.maxSafeNat(),
          root: fc
            .uint8Array({ minLength: 32, maxLength: 32 })
            .map((bytes) => Buffer.from(bytes)),
          extensions: fc.array(anyLine),
        }),
        (any) => {
          expect(parseCheckpoint(formatCheckpoint(any))).toEqual(any);
          const note = signCheckpoint(any, SIGNER);
          expect(openCheckpoint(note, { ...LOG, origin: any.origin })).toEqual(
            any,
          );
        },
      ),
    );
  });

  it('of the checksum database of Go is read and verified', () => {
    const note = `go.sum database tree
66398721
5oXTdOltbW8oy+WAHSPYkUE7FskIY/5ZJCYGy+buJ3g=

— sum.golang.org Az3grkwAPWdf0j0QaqFdZ3Hg/pDusO9we04GR+upDAujfj+kau8VzeyO7Xqw0j0qZNnwMvwiV98DluG2iyB8t4v4WQU=
`;
    const golang = {
      origin: 'go.sum database tree',
      verifiers: [
        parseVerifierKey(
          'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
        ),
      ],
    };
    expect(openCheckpoint(Buffer.from(note), golang)).toMatchObject({
      size: 66_398_721,
      extensions: [],
    });
    const larger = Buffer.from(note.replace('66398721', '66398722'));
    expect(() => openCheckpoint(larger, golang)).toThrow(NoteError);
  });

  it.each([
    ['does not end with a newline', `o\n1\n${BASE64}`],
    ['of 2 lines', `o\n1\n`],
    ['an empty line', `\n1\n${BASE64}\n`],
    ['an empty line', `o\n1\n${BASE64}\n\nmore\n`],
    ['not the size of a tree: 01', `o\n01\n${BASE64}\n`],
    ['not the size of a tree: -1', `o\n-1\n${BASE64}\n`],
    ['not the size of a tree: 1e3', `o\n1e3\n${BASE64}\n`],
    ['not the size of a tree', `o\n9007199254740992\n${BASE64}\n`],
    ['not the base64 of a hash', `o\n1\n${BASE64.slice(0, -1)}\n`],
    ['not the base64 of a hash', `o\n1\n${BASE64.slice(4)}\n`],
    ['not the base64 of a hash', `o\n1\n${ROOT.toString('base64url')}\n`],
  ])('is refused where it is malformed: %s', (reason, text) => {
    expect(() => parseCheckpoint(text)).toThrow(CheckpointError);
    expect(() => parseCheckpoint(text)).toThrow(reason);
  });

  it('is not written where it would be read as another one', () => {
    const forged = { ...checkpoint, origin: `evil\n7\n${BASE64}` };
    expect(() => formatCheckpoint(forged)).toThrow(CheckpointError);
    const split = { ...checkpoint, extensions: ['a\nb'] };
    expect(() => formatCheckpoint(split)).toThrow('a newline within it');
  });

  it('of another log is not taken, though the key is known', () => {
    const note = signCheckpoint({ ...checkpoint, origin: 'other' }, SIGNER);
    expect(() => openCheckpoint(note, LOG)).toThrow(
      'a checkpoint of other, and not of example.com/log',
    );
  });
});
