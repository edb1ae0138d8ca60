import { shardOf } from '@app/contracts';
import { SHARD_COUNT, type ApiUnderTest } from './api-under-test.js';
import type { CallValues } from './operations.js';
import { grant, PROGRAM, useLot } from './write-ledger.js';

const NOW_MS = Date.parse('2024-11-11T00:00:00.123Z');
const EVENT = { source: 'urn:orders', id: 'order-1' };

/** Writes a small ledger, and answers a call of each operation that finds something in it; the merchant is `m1`. */
export async function goodCalls({
  pool,
  seal,
}: ApiUnderTest): Promise<Record<string, CallValues>> {
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  const event = { topic: 'merchant.activity.v1', partition: 0, offset: '1' };
  const lot = { unit: 'ANY_IMP', amount: 10n, expiresAt: soon } as const;
  const [lotId] = await grant(
    pool,
    'm1',
    [{ ...lot, events: [{ ...event, ...EVENT }] }, lot],
    NOW_MS,
  );
  const use = {
    lotId: lotId!,
    unit: 'ANY_IMP',
    granted: 10n,
    spent: 4n,
  } as const;
  await useLot(pool, 'm1', use, NOW_MS + 1_000);
  await seal();

  const ofMerchant = { path: { id: 'm1' } };
  const period = {
    from: '2024-11-11T08:00:00+08:00',
    to: '2024-11-12T00:00:00Z',
  };
  return {
    readOpenApi: {},
    readLiveness: {},
    readReadiness: {},
    readMetrics: {},

    readWallet: ofMerchant,
    listMerchantEntries: { ...ofMerchant, query: { limit: '1' } },
    readBalances: { ...ofMerchant, query: { at: period.to } },
    listLots: { ...ofMerchant, query: { limit: '1' } },
    listExpiringLots: { ...ofMerchant, query: { withinDays: '2' } },
    followEntries: ofMerchant,
    listGrants: { ...ofMerchant, query: { limit: '1' } },
    readResults: {
      ...ofMerchant,
      query: { from: '2024-11-01', to: '2024-11-30', by: 'session' },
    },
    readStatement: { ...ofMerchant, query: { ...period, limit: '1' } },
    readAutoPromotion: ofMerchant,
    // As it stands already: what becomes of a turn is tested where there is somebody to take it.
    turnAutoPromotion: { ...ofMerchant, body: { enabled: false } },

    readTrialBalance: { query: { position: '1' } },
    listEntries: {
      query: { program: PROGRAM, version: '1', kind: 'grant', ...period },
    },
    readEntry: {
      path: { entryId: `promotions-${shardOf('m1', SHARD_COUNT)}-1` },
    },
    readLifeOfLot: { path: { lotId: lotId! }, query: { limit: '1' } },
    listEffectsOfEvent: { query: EVENT },
    listChanges: { query: { merchant: 'm1' } },
    exportEntries: { query: { format: 'ndjson', merchant: 'm1' } },

    readCheckpoint: {},
    proveInclusion: { query: { entry: lotId! } },
    proveConsistency: { query: { from: '1' } },
  };
}
