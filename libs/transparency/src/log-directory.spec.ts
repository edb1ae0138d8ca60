import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entries, LOG, makeTree, SIGNER } from '../test/logs.js';
import { openCheckpoint } from './checkpoint.js';
import { LogDirectory } from './log-directory.js';
import { CHECKPOINT_PATH } from './log-storage.js';
import { LogWriter } from './log-writer.js';
import { auditLog } from './read-log.js';

let parent: string;
let root: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'log-'));
  root = join(parent, 'a', 'log');
});
afterEach(() => rm(parent, { recursive: true }));

describe('a log in a directory', () => {
  it('is laid out as it is served', async () => {
    const log = await LogWriter.open(new LogDirectory(root), LOG);
    await log.append(entries(0, 600));
    const note = await log.publishCheckpoint(SIGNER);
    const { files } = await makeTree(entries(0, 600));
    for (const [path, bytes] of files)
      expect(await readFile(join(root, path))).toEqual(bytes);
    expect(await readFile(join(root, CHECKPOINT_PATH))).toEqual(note);
    const listed = await readdir(root, {
      recursive: true,
      withFileTypes: true,
    });
    // The tiles and the checkpoint.
    expect(listed.filter((at) => at.isFile())).toHaveLength(files.size + 1);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  it('goes on where another process stopped', async () => {
    for (const size of [10, 256, 700]) {
      const log = await LogWriter.open(new LogDirectory(root), LOG);
      await log.append(entries(log.size, size));
      await log.publishCheckpoint(SIGNER);
      // What nobody published is not there the next time.
      await log.append(entries(0, 1_000));
    }
    const directory = new LogDirectory(root);
    const note = await directory.read(CHECKPOINT_PATH);
    const checkpoint = openCheckpoint(note!, LOG);
    expect(checkpoint.size).toBe(700);
    await auditLog(checkpoint, (path) => directory.read(path));
    expect(await readdir(join(root, 'tile/0'))).toEqual([
      '000',
      '001',
      '002.p',
    ]);
  });

  it('clears away what a crash left half-written, when it writes again', async () => {
    const left = join(root, '.tmp', '1-1');
    await mkdir(join(root, '.tmp'), { recursive: true });
    await writeFile(left, 'half');
    const directory = new LogDirectory(root);
    expect(await directory.read(CHECKPOINT_PATH)).toBeUndefined();
    expect(await readdir(join(root, '.tmp'))).toEqual(['1-1']);
    await directory.write([{ path: 'tile/0/000', bytes: Buffer.alloc(1) }]);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  it('replaces a file, and removes one that is there or not', async () => {
    const directory = new LogDirectory(root);
    const path = 'tile/entries/x001/000.p/7';
    for (const bytes of [Buffer.from('one'), Buffer.from('two')]) {
      await directory.write([{ path, bytes }]);
      expect(await directory.read(path)).toEqual(bytes);
    }
    await directory.remove('tile/entries/x001/000.p');
    await directory.remove('tile/entries/x001/000.p');
    expect(await directory.read(path)).toBeUndefined();
  });

  it.each(['../checkpoint', 'tile/0/../../x', '/etc/passwd', '', 'tile'])(
    'has no path %j',
    async (path) => {
      const directory = new LogDirectory(root);
      await expect(directory.read(path)).rejects.toThrow('not a path of a log');
      await expect(directory.remove(path)).rejects.toThrow('not a path');
      const file = { path, bytes: Buffer.alloc(0) };
      await expect(directory.write([file])).rejects.toThrow('not a path');
    },
  );
});
