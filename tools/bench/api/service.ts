import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../stack/ports.js';
import { ROOT } from '../../support/paths.js';

const READY_WITHIN_MS = 30_000;

export interface Service {
  url: string;
  stop: () => Promise<void>;
}

/**
 * A service in a process of its own.
 *
 * @param args of Node
 * @param portVariable by what the service is told its port
 * @throws Error where it does not answer within half a minute
 */
export async function startService(
  args: readonly string[],
  env: Record<string, string>,
  portVariable = 'API_PORT',
): Promise<Service> {
  const port = await findFreePort();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env, [portVariable]: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const url = `http://127.0.0.1:${port}`;
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (await fetch(url).then(Boolean, () => false)) return { url, stop };
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await stop();
      throw new Error(`${args.join(' ')} does not answer`);
    }
    await sleep(100);
  }
}
