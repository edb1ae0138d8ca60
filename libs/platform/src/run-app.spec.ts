import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const FIXTURE = fileURLToPath(
  new URL('../test/run-app.fixture.ts', import.meta.url),
);

async function run(
  behaviour: string,
  onStarted?: (child: ChildProcess) => unknown,
) {
  const child = fork(FIXTURE, [behaviour], {
    execArgv: ['--import', 'tsx'],
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
