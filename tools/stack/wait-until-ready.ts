import type { Daemon } from './daemon.js';
import { UserError } from '../support/cli.js';
import { shortPath } from '../support/paths.js';
import { pause } from '../support/pause.js';

const POLL_INTERVAL_MS = 100;
const STOP_WITHIN_MS = 2_000;

/** A process ended, or did not answer in time, before it was ready. */
export class NotReadyError extends UserError {
  constructor(
    message: string,
    /** The exit status of a process that ended; null where it was killed or is running. */
    readonly childStatus: number | null,
  ) {
    super(message);
    this.name = 'NotReadyError';
  }
}

/** The exit status by which a program says that its last line tells all, and that trying again is no use. */
export const WRONG_CONFIGURATION = 2;

/**
 * Waits until `probe` resolves, trying again and again; stops the daemon where that never happens.
 *
 * @throws NotReadyError with the end of its log where it ends, or is not ready within `withinMs`
 * @throws the signal's reason where that aborts
 */
export async function waitUntilReady(
  daemon: Daemon,
  probe: () => Promise<unknown>,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<void> {
  let ended: { status: number | null; reason: string } | undefined;
  void daemon.exited.then((exit) => {
    ended = exit;
  });
  const deadline = Date.now() + withinMs;
  try {
    for (;;) {
      signal.throwIfAborted();
      const refusal = await probe().then(
        () => null,
        (error: Error) => error.message,
      );
      if (ended) throw notReady(daemon, ended.reason, ended.status);
      if (refusal === null) return;
      if (Date.now() > deadline)
        throw notReady(
          daemon,
          `is not ready after ${withinMs / 1000} seconds: ${refusal}`,
          null,
        );
      await pause(POLL_INTERVAL_MS, signal);
    }
  } catch (error) {
    await daemon.stop(STOP_WITHIN_MS);
    throw error;
  }
}

function notReady(
  daemon: Daemon,
  reason: string,
  status: number | null,
): NotReadyError {
  if (status === WRONG_CONFIGURATION)
    return new NotReadyError(
      `${daemon.name}: ${daemon.logTail(1).join('')}`,
      status,
    );
  const tail = daemon.logTail().map((line) => `  ${line}`);
  return new NotReadyError(
    [
      `${daemon.name} ${reason}; the end of ${shortPath(daemon.logFile)}:`,
      ...tail,
    ].join('\n'),
    status,
  );
}
