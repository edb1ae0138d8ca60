import type { ApiUnderTest } from './api-under-test.js';
import type { CallValues } from './operations.js';
import { grant } from './write-ledger.js';

const NOW_MS = Date.parse('2024-11-11T00:00:00.123Z');

/** Writes a small ledger, and answers a call of each operation that finds something in it; the merchant is `m1`. */
export async function goodCalls({
  pool,
}: ApiUnderTest): Promise<Record<string, CallValues>> {
  await grant(
    pool,
    'm1',
    [{ unit: 'ANY_IMP', amount: 10n, expiresAt: '2034-12-01T00:00:00Z' }],
    NOW_MS,
  );
  const ofMerchant = { path: { id: 'm1' } };
  return {
    readOpenApi: {},
    readLiveness: {},
    readReadiness: {},
    readMetrics: {},
    readTrialBalance: {},
    readWallet: ofMerchant,
    listMerchantEntries: { ...ofMerchant, query: { limit: '1' } },
    readAutoPromotion: ofMerchant,
    // As it stands already: what becomes of a turn is tested where there is somebody to take it.
    turnAutoPromotion: { ...ofMerchant, body: { enabled: false } },
  };
}
