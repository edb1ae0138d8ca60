import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { move, type EntryDraft } from '@app/ledger';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { CheckpointFiles } from '@app/sealing';
import { Sealer, type SealerOptions } from '@app/sealing/postgres';
import {
  auditLog,
  CHECKPOINT_PATH,
  generateKey,
  LogDirectory,
  openCheckpoint,
  parseSignerKey,
  parseVerifierKey,
  readEntries,
  type Checkpoint,
  type LogIdentity,
} from '@app/transparency';
import { NOW_MS } from '../../ledger/test/entries.js';
import { createDatabase } from '../../../test/support/database.js';

const ORIGIN = 'example.com/ledger';
const KEYS = generateKey(ORIGIN, Buffer.alloc(32, 5));

export const VERIFIER_KEY = KEYS.verifierKey;
export const SIGNER = parseSignerKey(KEYS.signerKey);
export const LOG: LogIdentity = {
  origin: ORIGIN,
  verifiers: [parseVerifierKey(KEYS.verifierKey)],
};
export const SHARD_COUNT = 4;

/** A program's budget for a shard: grants come out of it. */
export function budgetOf(amount: bigint): EntryDraft {
  return {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: NOW_MS,
    postings: move('ANY_IMP', amount, 'issuance', 'pool:ladder'),
    cause: {
      type: 'program_published',
      program: 'ladder',
      version: 1,
      programHash: '00',
    },
  };
}

/** A ledger of four shards in a database of its own, and a folder to keep its log in. */
export class SealedLedger {
  private constructor(
    readonly url: string,
    /** Of the owner, a superuser. */
    readonly pool: Pool,
    /** Of the sealer. */
    readonly sealerPool: Pool,
    readonly directory: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async create(postgresUrl: string): Promise<SealedLedger> {
    const { url, drop } = await createDatabase(postgresUrl, {
      shardCount: SHARD_COUNT,
    });
    const pool = createPool(url, {
      applicationName: 'test',
      maxConnections: 8,
    });
    const sealerPool = createPool(url, {
      applicationName: 'sealer',
      maxConnections: 6,
      role: ROLES.sealer,
    });
    const directory = await mkdtemp(join(tmpdir(), 'sealed-'));
    return new SealedLedger(url, pool, sealerPool, directory, drop);
  }

  get logDirectory(): string {
    return join(this.directory, 'log');
  }

  get history(): CheckpointFiles {
    return new CheckpointFiles(join(this.directory, 'checkpoints'));
  }

  /** A sealer as the app opens it. */
  open(options: Partial<SealerOptions> = {}): Promise<Sealer> {
    return Sealer.open({
      pool: this.sealerPool,
      shardCount: SHARD_COUNT,
      storage: new LogDirectory(this.logDirectory),
      history: this.history,
      signer: SIGNER,
      identity: LOG,
      nowMs: Date.now,
      ...options,
    });
  }

  /** The checkpoint that the log serves. */
  async checkpoint(): Promise<Checkpoint> {
    const note = await new LogDirectory(this.logDirectory).read(
      CHECKPOINT_PATH,
    );
    if (!note) throw new Error('the log has no checkpoint');
    return openCheckpoint(note, LOG);
  }

  /** All leaves of the log, audited against its checkpoint. */
  async leaves(): Promise<Buffer[]> {
    const storage = new LogDirectory(this.logDirectory);
    const read = (path: string) => storage.read(path);
    const checkpoint = await this.checkpoint();
    await auditLog(checkpoint, read);
    const leaves: Buffer[] = [];
    for await (const leaf of readEntries(0, checkpoint.size, read))
      leaves.push(leaf);
    return leaves;
  }

  async close(): Promise<void> {
    await this.sealerPool.end();
    await this.pool.end();
    await this.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
