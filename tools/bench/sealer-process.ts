import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPool,
  readShardCount,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import { CheckpointFiles } from '@app/sealing';
import {
  generateKey,
  LogDirectory,
  parseSignerKey,
  parseVerifierKey,
} from '@app/transparency';
import { SealerService } from '../../apps/sealer/src/sealer.service.js';
import { answer } from './child.js';

const ORIGIN = 'bench';

/** The sealer as the app runs it, with a log that is gone when it ends. */
export interface SealerRequest {
  databaseUrl: string;
}

let pool: Pool | undefined;
let sealer: SealerService | undefined;
let directory: string | undefined;

answer<SealerRequest, number>(
  async ({ databaseUrl }) => {
    if (sealer) return (await sealer.countUnsealed()) ?? 0;
    pool = createPool(databaseUrl, {
      applicationName: 'bench-sealer',
      maxConnections: 6,
      role: ROLES.sealer,
    });
    directory = await mkdtemp(join(tmpdir(), 'bench-seal-'));
    const keys = generateKey(ORIGIN);
    sealer = new SealerService({
      pool,
      shardCount: await readShardCount(pool),
      storage: new LogDirectory(join(directory, 'log')),
      history: new CheckpointFiles(join(directory, 'checkpoints')),
      signer: parseSignerKey(keys.signerKey),
      identity: {
        origin: ORIGIN,
        verifiers: [parseVerifierKey(keys.verifierKey)],
      },
      nowMs: Date.now,
    });
    await sealer.start();
    return 0;
  },
  async () => {
    await sealer?.stop();
    await pool?.end();
    if (directory) await rm(directory, { recursive: true, force: true });
  },
);
