import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from './data-folder.js';
import { writeProcessRecord } from './process-record.js';

describe('DataFolder', () => {
  let path: string;
  let folder: DataFolder;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'data-'));
    folder = new DataFolder(path);
  });

  afterEach(() => {
    rmSync(path, { recursive: true });
  });

  it('is taken once, and again when it was given back', () => {
    const unlock = folder.lock();
    unlock();
    folder.lock()();
    expect(existsSync(join(path, 'run', 'start.lock'))).toBe(false);
  });

  it('refuses where another start has it, and names that one', () => {
    holdBy(process.ppid, 'node');
    expect(() => folder.lock()).toThrow(
      `Process ${process.ppid} runs a stack in ${path} already: stop it first.`,
    );
  });

  it('takes over from a start that was killed', () => {
    holdBy(process.ppid, 'a command line that this process does not have');
    expect(() => folder.lock()()).not.toThrow();
  });

  it('wipes data and logs and nothing else', async () => {
    for (const name of ['postgres', 'kafka', 'seal', 'logs', 'mine'])
      mkdirSync(join(path, name));
    writeFileSync(join(path, 'mine', 'notes.txt'), 'kept');
    await folder.wipe();
    expect(
      ['postgres', 'kafka', 'seal', 'logs', 'mine'].filter((name) =>
        existsSync(join(path, name)),
      ),
    ).toEqual(['mine']);
  });

  function holdBy(pid: number, marker: string): void {
    mkdirSync(join(path, 'run'));
    writeProcessRecord(join(path, 'run', 'start.lock'), {
      pid,
      marker,
      stopSignal: 'SIGTERM',
    });
  }
});
