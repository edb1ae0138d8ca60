import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateKey,
  openCheckpoint,
  parseSignerKey,
  parseVerifierKey,
  signCheckpoint,
} from '@app/transparency';
import { CheckpointFiles, parseCheckpointFile } from './checkpoint-files.js';

const KEYS = generateKey('example.com/log');
const IDENTITY = {
  origin: 'example.com/log',
  verifiers: [parseVerifierKey(KEYS.verifierKey)],
};
const MONDAY = Date.parse('2024-11-11T23:59:59.999Z');

const note = (size: number) =>
  signCheckpoint(
    {
      origin: IDENTITY.origin,
      size,
      root: Buffer.alloc(32, size),
      extensions: [],
    },
    parseSignerKey(KEYS.signerKey),
  );

describe('the files of checkpoints', () => {
  let directory: string;

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'checkpoints-')), 'kept');
  });
  afterEach(() => rm(join(directory, '..'), { recursive: true }));

  it('are one for each day, with whole notes one behind the other', async () => {
    const files = new CheckpointFiles(directory);
    expect(await files.last()).toBeUndefined();
    await files.append(note(1), MONDAY);
    await files.append(note(2), MONDAY);
    await files.append(note(3), MONDAY + 1);
    expect(await readdir(directory)).toEqual([
      '2024-11-11.txt',
      '2024-11-12.txt',
    ]);
    const text = await readFile(join(directory, '2024-11-11.txt'), 'utf8');
    const notes = parseCheckpointFile(text);
    expect(notes).toEqual([note(1), note(2)]);
    expect(notes.map((each) => openCheckpoint(each, IDENTITY).size)).toEqual([
      1, 2,
    ]);
    expect(await new CheckpointFiles(directory).last()).toEqual(note(3));
  });

  it('go on behind a note that a crash cut off, wherever', async () => {
    const whole = `${note(2).toString()}\n`;
    for (let length = 0; length < whole.length; length += 7) {
      const files = new CheckpointFiles(directory);
      await files.append(note(1), MONDAY);
      const path = join(directory, '2024-11-11.txt');
      await appendFile(path, Buffer.from(whole).subarray(0, length));
      const next = new CheckpointFiles(directory);
      expect(await next.last()).toEqual(note(1));
      await next.append(note(3), MONDAY);
      expect(parseCheckpointFile(await readFile(path, 'utf8'))).toEqual([
        note(1),
        note(3),
      ]);
      await rm(path);
    }
  });
});
