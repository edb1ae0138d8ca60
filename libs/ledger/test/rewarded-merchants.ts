import {
  entryId,
  move,
  type Cause,
  type EntryDraft,
  type EntryKind,
  type EventReference,
  type Posting,
} from '@app/ledger';
import type { Pool, Statement } from '@app/ledger/postgres';
import { grantOf, NOW_MS } from './entries.js';
import { commit } from './journal.js';

const EXPIRES_AT = '2024-12-01T00:00:00.000Z';
const GRANTED = 1_000n;
const EVENT: EventReference = {
  topic: 'merchant.activity.v1',
  partition: 3,
  offset: '17',
  source: 'urn:traffic-reward-ledger:ad-delivery',
  id: 'event-1',
};

/**
 * Fills a shard as granter and promoter would: a budget, then for each merchant a grant, and in the other journal
 * the switch, a reserve of 600, a delivery of 400 and a release of 200. An entry of `grants` is a merchant's by
 * its sequence: 2 is m1's, 3 is m2's, and so on; four of `promotions` in a row are, from 1 on.
 */
export async function rewardMerchants(
  pool: Pool,
  shard: number,
  merchantCount: number,
): Promise<void> {
  const numbers = Array.from({ length: merchantCount }, (_, i) => i + 1);
  const lotOf = (number: number) =>
    entryId('grants', shard, BigInt(number) + 1n);
  await commit(pool, { journal: 'grants', shard }, [
    budgetOf(GRANTED * BigInt(merchantCount)),
  ]);
  await commit(
    pool,
    { journal: 'grants', shard },
    numbers.map((number) => grantOf(GRANTED, `m${number}`, lotOf(number))),
    undefined,
    () => [insertLots(shard, numbers.map(lotOf))],
  );
  await commit(
    pool,
    { journal: 'promotions', shard },
    numbers.flatMap((number) => promotionOf(`m${number}`, lotOf(number))),
    undefined,
    () => [insertLotUse(shard), insertResults(shard, numbers)],
  );
}

function budgetOf(amount: bigint): EntryDraft {
  const cause: Cause = {
    type: 'program_published',
    program: 'ladder',
    version: 1,
    programHash: '00',
  };
  return draft(
    'budget',
    null,
    move('ANY_IMP', amount, 'issuance', 'pool:ladder'),
    cause,
  );
}

function promotionOf(merchantId: string, lotId: string): EntryDraft[] {
  const promotionOrderId = `order-of-${lotId}`;
  return [
    draft('switch_on', merchantId, [], {
      type: 'auto_promotion_switched',
      enabled: true,
      by: 'merchant',
      event: EVENT,
    }),
    draft(
      'reserve',
      merchantId,
      move('ANY_IMP', 600n, 'available', 'reserved', lotId),
      {
        type: 'promotion_ordered',
        promotionOrderId,
        placement: 'live',
        sessionId: 'session-1',
        impressions: 600,
        deadline: EXPIRES_AT,
        decision: { policy: 'first-expiring-first', spendable: 1_000 },
      },
    ),
    draft(
      'deliver',
      merchantId,
      move('ANY_IMP', 400n, 'reserved', 'spent:live', lotId),
      {
        type: 'promotion_delivered',
        promotionOrderId,
        reportedImpressions: 400,
        clicks: 12,
        orders: 1,
        gmvMinor: 9_900,
        event: EVENT,
      },
    ),
    draft(
      'release',
      merchantId,
      move('ANY_IMP', 200n, 'reserved', 'available', lotId),
      {
        type: 'promotion_closed',
        promotionOrderId,
        reason: 'completed',
        event: EVENT,
      },
    ),
  ];
}

function draft(
  kind: EntryKind,
  merchantId: string | null,
  postings: readonly Posting[],
  cause: Cause,
): EntryDraft {
  return { kind, merchantId, occurredAtMs: NOW_MS, postings, cause };
}

function insertLots(shard: number, lotIds: readonly string[]): Statement {
  return {
    text: `INSERT INTO lot (shard, lot_id, merchant_id, unit, granted, expires_at, program)
     SELECT $1, lot_id, 'm' || number, 'ANY_IMP', $3, $4, 'ladder'
     FROM unnest($2::text[]) WITH ORDINALITY AS made (lot_id, number)`,
    values: [shard, lotIds, GRANTED, EXPIRES_AT],
  };
}

function insertLotUse(shard: number): Statement {
  return {
    text: `INSERT INTO lot_use (shard, lot_id, granted, spent)
     SELECT shard, lot_id, granted, 400 FROM lot WHERE shard = $1`,
    values: [shard],
  };
}

function insertResults(shard: number, numbers: readonly number[]): Statement {
  return {
    text: `INSERT INTO promotion_result (shard, merchant_id, day, placement, target_id, impressions, clicks, orders, gmv_minor)
     SELECT $1, 'm' || number, ($3::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, 'live', 'session-1', 400, 12, 1, 9900
     FROM unnest($2::int[]) AS number`,
    values: [shard, numbers, new Date(NOW_MS)],
  };
}
