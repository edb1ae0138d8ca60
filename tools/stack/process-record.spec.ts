import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isRunning,
  readProcessRecord,
  stopRecordedProcess,
  writeProcessRecord,
} from './process-record.js';

const FOREVER = 'setInterval(() => {}, 1000)';

describe('a process record', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'record-'));
    file = join(folder, 'part.pid');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read as it was written', () => {
    const record = { pid: 12, marker: 'part', stopSignal: 'SIGINT' } as const;
    writeProcessRecord(file, record);
    expect(readProcessRecord(file)).toEqual(record);
  });

  it.each([
    '',
    '{"pid": 12',
    '{"pid": -1, "marker": "x", "stopSignal": "SIGTERM"}',
  ])('is none where it says %s', (text) => {
    writeFileSync(file, text);
    expect(readProcessRecord(file)).toBeNull();
  });

  it('finds a process by its pid and its command line together', () => {
    const { pid } = process;
    const stopSignal = 'SIGTERM';
    expect(isRunning({ pid, marker: process.argv[1]!, stopSignal })).toBe(true);
    expect(isRunning({ pid, marker: 'someone-else', stopSignal })).toBe(false);
  });

  it('stops the process that was left behind', async () => {
    const { pid, exited } = start(`${FOREVER}; 'left-behind'`);
    writeProcessRecord(file, {
      pid,
      marker: 'left-behind',
      stopSignal: 'SIGTERM',
    });
    expect(await stopRecordedProcess(file, 5_000)).toBe(true);
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(existsSync(file)).toBe(false);
  });

  it('kills a process that does not stop in time', async () => {
    const { pid, exited, ready } = start(
      `process.on('SIGTERM', () => {}); ${FOREVER}; console.log('deaf')`,
    );
    await ready;
    writeProcessRecord(file, { pid, marker: 'deaf', stopSignal: 'SIGTERM' });
    expect(await stopRecordedProcess(file, 100)).toBe(true);
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('leaves alone another process that has the pid by now', async () => {
    const { pid, exited } = start(FOREVER);
    writeProcessRecord(file, {
      pid,
      marker: 'left-behind',
      stopSignal: 'SIGTERM',
    });
    expect(await stopRecordedProcess(file, 100)).toBe(false);
    expect(existsSync(file)).toBe(false);
    process.kill(pid, 'SIGINT');
    expect(await exited).toEqual([null, 'SIGINT']);
  });

  function start(script: string) {
    const child = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return {
      pid: child.pid!,
      ready: once(child.stdout, 'data'),
      exited: once(child, 'exit'),
    };
  }
});
