import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { waitUntilReady } from './wait-until-ready.js';

describe('waiting for a daemon', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'daemon-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('goes on until the probe has an answer', async () => {
    const daemon = run('setInterval(() => {}, 1000)');
    const probe = vi
      .fn<() => Promise<void>>()
      .mockRejectedValueOnce(new Error('not yet'))
      .mockResolvedValue();
    await wait(daemon, probe);
    expect(probe).toHaveBeenCalledTimes(2);
    await daemon.stop(5_000);
  });

  it('shows the end of the log of one that ended', async () => {
    const daemon = run(
      'console.log("one"); console.log("two"); process.exit(3)',
    );
    await expect(wait(daemon, never)).rejects.toThrow(
      `part ended with status 3; the end of ${daemon.logFile}:\n  one\n  two`,
    );
  });

  it('shows only the sentence of one whose configuration is wrong', async () => {
    const daemon = run(
      'console.log("one"); console.log("PORT is not set."); process.exit(2)',
    );
    await expect(wait(daemon, never)).rejects.toThrow(
      /^part: PORT is not set\.$/,
    );
  });

  it('says what the probe said last where the time is up, and stops it', async () => {
    const daemon = run('setInterval(() => {}, 1000)');
    await expect(wait(daemon, never, 300)).rejects.toThrow(
      'part is not ready after 0.3 seconds: no answer',
    );
    expect(await daemon.exited).toMatchObject({ status: null });
  });

  it('tells of a program that is not there', async () => {
    const daemon = run('', '/nowhere/program');
    await expect(wait(daemon, never)).rejects.toThrow(
      /^part does not start: .*ENOENT/,
    );
  });

  function run(script: string, command = process.execPath): Daemon {
    return new Daemon({
      name: 'part',
      command,
      args: ['-e', script],
      logFile: join(folder, 'part.log'),
      pidFile: join(folder, 'part.pid'),
      marker: script,
      stopSignal: 'SIGTERM',
    });
  }

  function wait(daemon: Daemon, probe: () => Promise<void>, withinMs = 5_000) {
    const { signal } = new AbortController();
    return waitUntilReady(daemon, probe, { withinMs, signal });
  }

  function never(): Promise<void> {
    return Promise.reject(new Error('no answer'));
  }
});
