import { NestFactory } from '@nestjs/core';
import { shardOf } from '@app/contracts';
import type { MerchantPlace } from '@app/ledger';
import {
  balancesAsOf,
  createPool,
  cutAt,
  readShards,
  ROLES,
  statement,
  trialBalanceAsOf,
  type Pool,
} from '@app/ledger/postgres';
import { SmallWallets } from '../../apps/api/src/merchants/small-wallets.js';
import { WalletService } from '../../apps/api/src/merchants/wallet.service.js';
import { LedgerReader } from '../../apps/api/src/read-model/ledger-reader.js';
import { MerchantReader } from '../../apps/api/src/read-model/moment-readers.js';
import { ReadModelModule } from '../../apps/api/src/read-model/read-model.module.js';
import {
  FIRST_COMMIT_MS,
  MEASURED_MERCHANTS,
  SHARD_COUNT,
  type FilledLedger,
} from './long-ledger.js';

/** What is measured. */
export const READS = [
  'wallet',
  'statement',
  'asOfBalance',
  'trialBalance',
] as const;
export type Read = (typeof READS)[number];

/** Entries on a page of a statement. */
const STATEMENT_PAGE = 50;

/** Each read of one ledger, for a merchant and an instant at random. */
export interface Reader {
  read: Record<Read, () => Promise<unknown>>;
  close: () => Promise<void>;
}

/** Reads as the api does, under its role: the wallet through its service. */
export async function openReader(
  databaseUrl: string,
  ledger: FilledLedger,
): Promise<Reader> {
  const app = await NestFactory.createApplicationContext(
    ReadModelModule.forRoot(databaseUrl),
    { logger: ['error'] },
  );
  const wallets = new WalletService(
    app.get(MerchantReader),
    new SmallWallets(app.get(MerchantReader)),
    app.get(LedgerReader),
  );
  const pool = createPool(databaseUrl, {
    applicationName: 'bench-read',
    maxConnections: 2,
    role: ROLES.api,
  });
  return {
    read: {
      wallet: () => wallets.read(anyMerchant().merchantId, staying()),
      statement: () => readStatement(pool, ledger),
      asOfBalance: () => readBalance(pool, ledger),
      trialBalance: () => readTrialBalance(pool, ledger),
    },
    close: async () => {
      await pool.end();
      await app.close();
    },
  };
}

/** The page behind an instant. */
async function readStatement(pool: Pool, ledger: FilledLedger) {
  const merchant = anyMerchant();
  const shards = [merchant.shard];
  const from = await cutAt(pool, anyInstant(ledger), shards);
  const to = await cutAt(pool, 'now', shards);
  return statement(pool, merchant, { from, to, limit: STATEMENT_PAGE });
}

async function readBalance(pool: Pool, ledger: FilledLedger) {
  const merchant = anyMerchant();
  const cut = await cutAt(pool, anyInstant(ledger), [merchant.shard]);
  return balancesAsOf(pool, merchant, cut);
}

async function readTrialBalance(pool: Pool, ledger: FilledLedger) {
  const shards = await readShards(pool);
  const lines = await trialBalanceAsOf(
    pool,
    await cutAt(pool, anyInstant(ledger), shards),
  );
  if (lines.reduce((sum, { amount }) => sum + amount, 0n) !== 0n)
    throw new Error('the trial balance does not sum to zero');
  return lines;
}

function anyMerchant(): MerchantPlace {
  const number = Math.floor(Math.random() * MEASURED_MERCHANTS.length);
  const merchantId = MEASURED_MERCHANTS[number]!;
  return { merchantId, shard: shardOf(merchantId, SHARD_COUNT) };
}

function anyInstant({ lastCommitMs }: FilledLedger): { recordedAt: Date } {
  const ms = Math.random() * (lastCommitMs - FIRST_COMMIT_MS);
  return { recordedAt: new Date(Math.floor(FIRST_COMMIT_MS + ms)) };
}

/** The signal of a request whose client does not go away: each has one of its own. */
function staying(): AbortSignal {
  return new AbortController().signal;
}
