import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../tools/stack/process-record.js';
import { TestStack } from './support/test-stack.js';

const STOPS_WITHIN_MS = 15_000;
const SPENDING_SHOWN_WITHIN_MS = 60_000;
const SEVERAL_PROGRAMS = 4;
const PARTS = ['api', 'granter', 'kafka', 'postgres', 'promoter', 'sealer'];

describe('npm start', () => {
  let stack: TestStack;
  let headers: { authorization: string };

  beforeAll(async () => {
    stack = await TestStack.create();
  });

  afterAll(async () => {
    await stack.stop();
    await stack.remove();
  });

  it('sets everything up and says when it is ready', async () => {
    await stack.start('--no-traffic');
    expect([...stack.processes().keys()].sort()).toEqual(PARTS);
    expect(await health()).toBe(200);
  });

  it('answers whoever has a token of npm run token, and nobody else', async () => {
    expect((await fetch(trialBalance())).status).toBe(401);
    const token = await stack.npmRunToken('--role', 'auditor');
    headers = { authorization: `Bearer ${token}` };
    expect((await fetch(trialBalance(), { headers })).status).toBe(200);
  });

  it('refuses a second start in the same folder, in one sentence', async () => {
    expect(await stack.startInVain()).toContainEqual(
      expect.stringMatching(
        /^Process \d+ runs a stack in \S+ already: stop it/,
      ),
    );
  });

  it('starts a service again that was killed', async () => {
    const before = stack.processes().get('promoter')!.pid;
    stack.kill('promoter');
    const isReadyLine = (line: string) => line.startsWith('promoter: ready');
    await until(() => stack.lines.filter(isReadyLine).length === 2);
    expect(stack.processes().get('promoter')!.pid).not.toBe(before);
    expect(stack.lines).toContainEqual(
      expect.stringMatching(/^promoter was killed by SIGKILL/),
    );
  });

  it('stops in order on SIGTERM and leaves no process behind', async () => {
    const processes = [...stack.processes().values()];
    expect(await stack.stop()).toBeLessThan(STOPS_WITHIN_MS);
    expect(processes.filter(isRunning)).toEqual([]);
    const stopped = stack.lines.filter((line) => line.endsWith(': stopped'));
    expect(stopped).toEqual(
      ['api', 'promoter', 'granter', 'sealer', 'kafka', 'postgres'].map(
        (name) => `${name}: stopped`,
      ),
    );
  });

  it('names the option where a port is taken', async () => {
    const port = Number(new URL(stack.apiUrl).port);
    const server = await listen(port);
    try {
      expect(await stack.startInVain()).toContain(
        `Port ${port} is taken: stop what listens there, or choose another port with --api-port.`,
      );
    } finally {
      server.close();
    }
  });

  it('is ready again, with the tokens that it gave before', async () => {
    await stack.start('--no-traffic');
    expect((await fetch(trialBalance(), { headers })).status).toBe(200);
  });

  it('recovers after everything was killed', async () => {
    await stack.killEverything();
    await stack.start('--no-traffic');
    expect(await health()).toBe(200);
  });

  it('shows grants and spending on both placements within a minute, with the simulator', async () => {
    await stack.stop();
    await stack.start();
    const deadlineMs = Date.now() + SPENDING_SHOWN_WITHIN_MS;
    await until(
      () =>
        Date.now() > deadlineMs ||
        stack.lines.some(
          (line) =>
            /granted .*ANY_IMP [1-9]/.test(line) &&
            /spent live [1-9].* · short_video [1-9]/.test(line),
        ),
    );
    expect(Date.now()).toBeLessThan(deadlineMs);
  });

  it('shows grants by several programs, and traffic for every eligible cold start', async () => {
    const latest = (label: string) =>
      stack.lines
        .flatMap((line) => line.split(' | '))
        .findLast((part) => part.startsWith(`${label} `));
    const deadlineMs = Date.now() + SPENDING_SHOWN_WITHIN_MS;
    const programs = () => latest('grants')?.match(/[a-z-]+ [1-9]/g) ?? [];
    const coldStart = () =>
      /new-merchant-launch (\S+) of (\S+) eligible given traffic, slowest (\S+) s/.exec(
        latest('cold starts') ?? '',
      );
    await until(
      () =>
        Date.now() > deadlineMs ||
        (programs().length >= SEVERAL_PROGRAMS && coldStart() !== null),
    );
    expect(programs().length).toBeGreaterThanOrEqual(SEVERAL_PROGRAMS);
    const [, granted, eligible, slowestSeconds] = coldStart()!;
    expect(granted).toBe(eligible);
    expect(Number(slowestSeconds)).toBeLessThan(60);
  });

  function trialBalance(): string {
    return `${stack.apiUrl}/v1/ledger/trial-balance`;
  }

  async function health(): Promise<number> {
    return (await fetch(`${stack.apiUrl}/health/ready`)).status;
  }
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50);
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(port, '127.0.0.1', () => resolve(server));
  });
}
