import { entryOf } from '../support/build-apps.js';
import { Daemon } from './daemon.js';
import type { DataFolder } from './data-folder.js';
import { findFreePort } from './ports.js';
import type { PartOptions } from './supervisor.js';
import { waitUntilReady } from './wait-until-ready.js';

/** Joining a consumer group may have to wait until members of a killed run are given up for lost. */
const READY_WITHIN_MS = 120_000;
const CHECK_WITHIN_MS = 5_000;

export interface AppOptions {
  name: string;
  folder: DataFolder;
  env: NodeJS.ProcessEnv;
  /** The variable that tells the app its port. */
  portVariable: string;
  /** Any free port at each launch, where there is none. */
  port?: number;
  /** It is killed where it takes longer. */
  stopWithinMs: number;
}

/** One of the project's services, from `dist`. */
export function appPart({
  name,
  folder,
  env,
  portVariable,
  port,
  stopWithinMs,
}: AppOptions): PartOptions {
  const logFile = folder.logFile(name);
  const entry = entryOf(name);
  return {
    name,
    logFile,
    launch: async (signal) => {
      const launchPort = port ?? (await findFreePort());
      const where = `http://127.0.0.1:${launchPort}`;
      const daemon = new Daemon({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', entry],
        env: { ...env, [portVariable]: String(launchPort) },
        logFile,
        pidFile: folder.pidFile(name),
        marker: entry,
        stopSignal: 'SIGTERM',
        ipc: true,
      });
      const check = () => checkReady(where);
      await waitUntilReady(daemon, check, {
        withinMs: READY_WITHIN_MS,
        signal,
      });
      return {
        exited: daemon.exited,
        stop: () => daemon.stop(stopWithinMs),
        where,
        check,
      };
    },
  };
}

/** @throws Error saying what the app waits for */
async function checkReady(url: string): Promise<void> {
  const response = await fetch(`${url}/health/ready`, {
    signal: AbortSignal.timeout(CHECK_WITHIN_MS),
  });
  if (response.ok) return;
  const { error = {} } = (await response.json()) as HealthAnswer;
  const failures = Object.entries(error).map(
    ([name, { message }]) => `${name}: ${message ?? 'down'}`,
  );
  throw new Error(
    failures.join('; ') || `/health/ready answers ${response.status}`,
  );
}

/** As much as we read of the answer of `@nestjs/terminus`. */
interface HealthAnswer {
  error?: Record<string, { message?: string }>;
}
