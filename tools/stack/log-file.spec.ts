import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogTail, rotateLog } from './log-file.js';

describe('a log', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
    file = join(folder, 'api.log');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('ends with its last lines', () => {
    writeFileSync(file, 'one\ntwo\nthree\n');
    expect(readLogTail(file, 2)).toEqual(['two', 'three']);
  });

  it('is read from its end where it is long', () => {
    writeFileSync(file, `${'x'.repeat(100_000)}\nlast\n`);
    expect(readLogTail(file, 1)).toEqual(['last']);
  });

  it('has no lines where there is none', () => {
    expect(readLogTail(file, 5)).toEqual([]);
    expect(() => rotateLog(file)).not.toThrow();
  });

  it('of the run before is kept beside the new one', () => {
    writeFileSync(file, 'before');
    rotateLog(file);
    expect(readFileSync(join(folder, 'api.previous.log'), 'utf8')).toBe(
      'before',
    );
  });
});
