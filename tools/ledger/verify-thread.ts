import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import {
  createPool,
  ShardReader,
  type VerifiedPage,
} from '@app/ledger/postgres';
import { leafHash } from '@app/transparency';
import type { FromThread, ThreadSettings, ToThread } from './verify-threads.js';

const port = parentPort!;
const { databaseUrl, seal } = workerData as ThreadSettings;
const pool = createPool(databaseUrl, {
  applicationName: 'ledger-verify',
  maxConnections: 1,
  isForRows: true,
});
const reader = new ShardReader(pool, seal ? leafHash : null);
/** One page may be on its way while the next one is worked on. */
let taken: Promise<unknown> = Promise.resolve();

port.on('message', (message: ToThread) => {
  if (message !== 'taken') void verify(message.shard);
});

/** Where it fails, the thread does, and whoever waits for it learns why. */
async function verify(shard: number): Promise<void> {
  await reader.verify(shard, {
    onFinding: (finding) => tell({ finding }),
    onPage: async (page) => {
      await taken;
      taken = once(port, 'message');
      give(page);
    },
  });
  await taken;
  if (seal) await verifyBalances(shard, seal.lastBlock);
  tell('verified');
}

async function verifyBalances(
  shard: number,
  lastBlock: number | null,
): Promise<void> {
  if (lastBlock === null) return;
  // Loaded late: what it needs takes a while to load, and without a seal nobody waits for it.
  const { firstBlockOfOtherBalances } = await import('@app/sealing/postgres');
  const block = await firstBlockOfOtherBalances(pool, shard, lastBlock);
  tell({ otherBalances: { shard, block } });
}

function give(page: VerifiedPage): void {
  const { sequences, hashes } = page;
  port.postMessage({ page } satisfies FromThread, [
    sequences.buffer,
    hashes.buffer,
  ] as ArrayBuffer[]);
}

function tell(message: FromThread): void {
  port.postMessage(message);
}
