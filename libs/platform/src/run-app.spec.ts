import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundle } from '../../../tools/bundle.mjs';
import { CACHE_DIR, ROOT } from '../../../tools/support/paths.js';

let folder: string;

beforeAll(async () => {
  await mkdir(CACHE_DIR, { recursive: true });
  folder = await mkdtemp(join(CACHE_DIR, 'run-app-'));
  await bundle(ROOT, 'libs/platform/test/run-app.fixture.ts', folder);
});
afterAll(() => rm(folder, { recursive: true }));

async function run(
  behaviour: string,
  onStarted?: (child: ChildProcess) => unknown,
) {
  const child = fork(join(folder, 'run-app.fixture.js'), [behaviour], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (onStarted) child.stdout!.once('data', () => onStarted(child));
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, status: status as number | null };
}

describe('runApp', { timeout: 30_000 }, () => {
  it.each([
    ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
    ['SIGINT', (child: ChildProcess) => child.kill('SIGINT')],
    ['its parent going away', (child: ChildProcess) => child.disconnect()],
  ])('closes in order at %s', async (_, stop) => {
    const { stdout, status } = await run('runs', stop);
    expect(status).toBe(0);
    expect(stdout).toMatch(/closed\n$/);
  });

  it('says a wrong configuration in one sentence, with status 2', async () => {
    expect(await run('wrong configuration')).toEqual({
      stdout: '',
      stderr: 'PORT is "x": expected a port.\n',
      status: 2,
    });
  });

  it('says why it cannot start in one line, with status 1', async () => {
    expect(await run('fails to start')).toEqual({
      stdout: '',
      stderr: 'listen EADDRINUSE\n',
      status: 1,
    });
  });

  it('closes in order and fails when an error was not handled', async () => {
    const { stdout, stderr, status } = await run('fails later');
    expect(status).toBe(1);
    expect(stdout).toMatch(/closed\n$/);
    expect(stderr).toContain('a bug');
  });
});
