import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 250;

/**
 * Tries again until an attempt succeeds.
 *
 * @throws what the last attempt threw, once the time is up
 */
export async function eventually<Result>(
  attempt: () => Promise<Result> | Result,
  withinMs = 60_000,
): Promise<Result> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await sleep(POLL_INTERVAL_MS);
    }
  }
}
