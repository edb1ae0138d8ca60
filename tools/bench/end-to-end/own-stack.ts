import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Display } from '../../stack/board.js';
import { leaveNothingRunning } from '../../stack/daemon.js';
import { DataFolder } from '../../stack/data-folder.js';
import { findFreePort } from '../../stack/ports.js';
import { Stack } from '../../stack/stack.js';

/** Where the parts of a running stack are. */
export interface OwnStack {
  databaseUrl: string;
  /** `host:port`. */
  brokers: string;
  apiUrl: string;
  folder: DataFolder;
}

/** Runs `work` beside the whole system, without its simulator, on ports and in a data folder of its own. */
export async function onOwnStack<Result>(
  work: (stack: OwnStack) => Promise<Result>,
): Promise<Result> {
  leaveNothingRunning();
  const dir = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const folder = new DataFolder(dir);
  const [apiPort, kafkaPort, postgresPort] = await Promise.all([
    findFreePort(),
    findFreePort(),
    findFreePort(),
  ]);
  const display = new UntilReady();
  const finished = new AbortController();
  const running = new Stack(
    { folder, apiPort, kafkaPort, postgresPort, traffic: false },
    display,
    finished.signal,
  ).run();
  try {
    await Promise.race([display.ready, running]);
    return await work({
      databaseUrl: `postgres://postgres@127.0.0.1:${postgresPort}/ledger`,
      brokers: `127.0.0.1:${kafkaPort}`,
      apiUrl: `http://127.0.0.1:${apiPort}`,
      folder,
    });
  } finally {
    finished.abort();
    await running;
    // A server that had to be killed may still be writing for a moment.
    await rm(dir, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Shows nothing but trouble, and knows when all is ready: the only thing that a stack says by itself. */
class UntilReady implements Display {
  say!: () => void;
  readonly ready = new Promise<void>((resolve) => {
    this.say = resolve;
  });

  part({ name, state, detail }: Parameters<Display['part']>[0]): void {
    if (state === 'trouble') process.stderr.write(`${name}: ${detail}\n`);
  }

  counts(): void {}

  close(): void {}
}
