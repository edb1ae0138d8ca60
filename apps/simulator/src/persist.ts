import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/**
 * Tries until it succeeds, after pauses that double up to ten seconds.
 *
 * @param onFailure told each failure and the pause after it
 * @throws the signal's reason once that aborts
 */
export async function persist<Result>(
  attempt: () => Promise<Result>,
  signal: AbortSignal,
  onFailure: (error: unknown, delayMs: number) => void,
): Promise<Result> {
  let delayMs = FIRST_DELAY_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await unlessAborted(attempt(), signal);
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error, delayMs);
      await sleep(delayMs, undefined, { signal });
      delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS);
    }
  }
}

/** Rejects as soon as the signal aborts: a client that has retries of its own may take minutes to give up. */
function unlessAborted<Result>(
  attempt: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    attempt
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
