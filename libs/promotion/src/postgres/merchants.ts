import {
  binaryArray,
  type Queryable,
  type Statement,
} from '@app/ledger/postgres';
import {
  merchantFromJson,
  merchantToJson,
  nextDueMs,
  nextPlanMs,
  type MerchantPromotion,
} from '../index.js';

/** Merchants of a shard as they are kept; those that are not known are left out. */
export async function readMerchants(
  db: Queryable,
  shard: number,
  merchantIds: readonly string[],
): Promise<Map<string, MerchantPromotion>> {
  if (merchantIds.length === 0) return new Map();
  const { rows } = await db.query<MerchantRow>({
    name: 'read-merchants',
    text: `SELECT merchant_id, state FROM promotion_state WHERE shard = $1 AND merchant_id = ANY ($2::text[])`,
    values: [shard, merchantIds],
  });
  return toMerchants(rows);
}

/**
 * Of merchants who are only told the time, those for whom something is due by then: most of them, and their hundreds
 * of numbers, are left where they are.
 *
 * @param toldMs by merchant, milliseconds since the epoch
 */
export async function readDueMerchants(
  db: Queryable,
  shard: number,
  toldMs: ReadonlyMap<string, number>,
): Promise<Map<string, MerchantPromotion>> {
  if (toldMs.size === 0) return new Map();
  const { rows } = await db.query<MerchantRow>({
    name: 'read-due-merchants',
    // OFFSET 0 has each looked up by its key: where the planner knows no rows of a shard, it would read all.
    text: `
      SELECT known.merchant_id, known.state
      FROM unnest($2::text[], $3::timestamptz[]) AS told (merchant_id, at)
      CROSS JOIN LATERAL (
        SELECT * FROM promotion_state WHERE shard = $1 AND merchant_id = told.merchant_id OFFSET 0) AS known
      WHERE known.next_due_at <= told.at`,
    values: [
      shard,
      binaryArray.text([...toldMs.keys()]),
      binaryArray.timestamptz([...toldMs.values()]),
    ],
  });
  return toMerchants(rows);
}

interface MerchantRow {
  merchant_id: string;
  state: unknown;
}

function toMerchants(
  rows: readonly MerchantRow[],
): Map<string, MerchantPromotion> {
  return new Map(
    rows.map(({ merchant_id, state }) => [
      merchant_id,
      merchantFromJson(state),
    ]),
  );
}

/** What keeps merchants as they are now, by their ids. */
export function saveMerchants(
  shard: number,
  changed: ReadonlyMap<string, MerchantPromotion>,
): Statement[] {
  if (changed.size === 0) return [];
  const merchants = [...changed];
  return [
    {
      name: 'save-merchants',
      text: `
      INSERT INTO promotion_state (shard, merchant_id, auto_promotion, auto_promotion_since,
        auto_promotion_event_id, auto_promotion_limits, state, next_due_at)
      SELECT $1, * FROM unnest(
        $2::text[], $3::boolean[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::json[],
        $8::timestamptz[])
      ON CONFLICT (shard, merchant_id) DO UPDATE SET
        auto_promotion = excluded.auto_promotion,
        auto_promotion_since = excluded.auto_promotion_since,
        auto_promotion_event_id = excluded.auto_promotion_event_id,
        auto_promotion_limits = excluded.auto_promotion_limits,
        state = excluded.state,
        next_due_at = excluded.next_due_at`,
      values: [
        shard,
        binaryArray.text(merchants.map(([merchantId]) => merchantId)),
        binaryArray.bool(
          merchants.map(([, { autoPromotion }]) => autoPromotion.enabled),
        ),
        binaryArray.timestamptz(
          merchants.map(([, { autoPromotion }]) => autoPromotion.sinceMs),
        ),
        binaryArray.text(
          merchants.map(([, { autoPromotion }]) => autoPromotion.eventId),
        ),
        binaryArray.jsonb(
          merchants.map(([, { autoPromotion }]) =>
            JSON.stringify(autoPromotion.limits),
          ),
        ),
        binaryArray.json(
          merchants.map(([, merchant]) =>
            JSON.stringify(merchantToJson(merchant)),
          ),
        ),
        binaryArray.timestamptz(
          merchants.map(([, merchant]) => nextDueMs(merchant, { nextPlanMs })),
        ),
      ],
    },
  ];
}
