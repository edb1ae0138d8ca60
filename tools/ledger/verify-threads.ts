import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Finding } from '@app/ledger';
import {
  shardReaders,
  type Pool,
  type ShardListener,
  type ShardVerifier,
  type VerifiedPage,
} from '@app/ledger/postgres';
import { leafHash } from '@app/transparency';
import { bundleOf } from '../bundle.mjs';
import { ROOT } from '../support/paths.js';

/** What a thread is started with. */
export interface ThreadSettings {
  databaseUrl: string;
  /**
   * With it, pages have the hashes that leaves of the log have, and the balances that were sealed up to the last block
   * are compared as well. Null where the seal is not looked at.
   */
  seal: { lastBlock: number | null } | null;
}

/** @param block see `firstBlockOfOtherBalances` */
export type OnOtherBalances = (shard: number, block: number | null) => void;

/** What a thread is told: to verify a shard, or that its page was taken and the next one may come. */
export type ToThread = { shard: number } | 'taken';
export type FromThread =
  | { finding: Finding }
  | { page: VerifiedPage }
  | { otherBalances: { shard: number; block: number | null } }
  | 'verified';

/** With fewer entries, starting threads would take longer than they save. */
const ENTRIES_WORTH_THREADS = 100_000;

/** How many threads to verify so many entries with: one more than there are cores, since each waits for the database. */
export function threadsWorth(entries: number, shards: number): number {
  return entries < ENTRIES_WORTH_THREADS
    ? 0
    : Math.min(shards, availableParallelism() + 1);
}

export interface Verifiers {
  all: readonly ShardVerifier[];
  stop: () => Promise<unknown>;
}

/**
 * Starts whoever verifies shards.
 *
 * @param pool for verifying without threads
 * @param threads each with a connection of its own; 0 to do all of it in this one
 * @param onOtherBalances called by threads for each shard whose sealed balances were compared
 */
export async function startVerifiers(
  pool: Pool,
  threads: number,
  settings: ThreadSettings,
  onOtherBalances: OnOtherBalances = () => undefined,
): Promise<Verifiers> {
  if (threads === 0)
    return {
      all: shardReaders(pool, settings.seal ? leafHash : null),
      stop: () => Promise.resolve(),
    };
  const file = await bundleOf(ROOT, 'ledger/verify-thread');
  const all = Array.from(
    { length: threads },
    () =>
      new VerifyingThread(
        new Worker(file, { workerData: settings }),
        onOtherBalances,
      ),
  );
  return {
    all,
    stop: () => Promise.all(all.map((thread) => thread.stop())),
  };
}

/** Verifies shards in a thread. */
class VerifyingThread implements ShardVerifier {
  constructor(
    private readonly worker: Worker,
    private readonly onOtherBalances: OnOtherBalances,
  ) {}

  async verify(
    shard: number,
    { onFinding, onPage }: ShardListener,
  ): Promise<void> {
    const messages = on(this.worker, 'message', { close: ['exit'] });
    this.#tell({ shard });
    for await (const [message] of messages) {
      const told = message as FromThread;
      if (told === 'verified') return;
      if ('finding' in told) onFinding(told.finding);
      else if ('otherBalances' in told)
        this.onOtherBalances(
          told.otherBalances.shard,
          told.otherBalances.block,
        );
      else {
        await onPage(told.page);
        this.#tell('taken');
      }
    }
    throw new Error('a thread that verifies has ended');
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  #tell(message: ToThread): void {
    this.worker.postMessage(message);
  }
}
