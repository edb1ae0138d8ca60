import { entryId } from '@app/ledger';
import { insertLots, type Pool } from '@app/ledger/postgres';
import { grantOf } from '../../../libs/ledger/test/entries.js';
import { commit } from '../../../libs/ledger/test/journal.js';

const EXPIRES_AT = '2036-01-01T00:00:00.000Z';

/** The granter gives a merchant impressions for either placement: the entry of this sequence in its journal. */
export async function grant(
  pool: Pool,
  {
    shard,
    merchantId,
    sequence,
    impressions,
  }: {
    shard: number;
    merchantId: string;
    sequence: bigint;
    impressions: bigint;
  },
): Promise<void> {
  const lotId = entryId('grants', shard, sequence);
  const draft = grantOf(impressions, merchantId, lotId);
  const cause = { ...draft.cause, expiresAt: EXPIRES_AT } as typeof draft.cause;
  await commit(
    pool,
    { journal: 'grants', shard },
    [{ ...draft, cause }],
    undefined,
    () =>
      insertLots(shard, [
        {
          lotId,
          merchantId,
          unit: 'ANY_IMP',
          granted: impressions,
          expiresAtMs: Date.parse(EXPIRES_AT),
          program: 'ladder',
        },
      ]),
  );
}
