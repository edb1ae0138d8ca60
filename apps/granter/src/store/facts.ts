import {
  binaryArray,
  type Queryable,
  type Statement,
} from '@app/ledger/postgres';
import { factsFromJson, factsToJson, type MerchantFacts } from '@app/programs';

/** What is known of merchants; those of whom nothing is are left out. */
export async function readFacts(
  db: Queryable,
  shard: number,
  merchantIds: readonly string[],
): Promise<Map<string, MerchantFacts>> {
  if (merchantIds.length === 0) return new Map();
  const { rows } = await db.query<{ merchant_id: string; facts: unknown }>({
    name: 'read-merchant-facts',
    text: `
      SELECT facts.*
      FROM unnest($2::text[]) AS needed (merchant_id), LATERAL (
        SELECT merchant_id, facts FROM merchant_facts
        WHERE shard = (SELECT $1::smallint) AND merchant_id = needed.merchant_id
        OFFSET 0) AS facts`,
    values: [shard, merchantIds],
  });
  return new Map(
    rows.map(({ merchant_id, facts }) => [merchant_id, factsFromJson(facts)]),
  );
}

export function saveFacts(
  shard: number,
  changed: ReadonlyMap<string, MerchantFacts>,
): Statement[] {
  if (changed.size === 0) return [];
  return [
    {
      name: 'save-merchant-facts',
      text: `
      INSERT INTO merchant_facts (shard, merchant_id, facts)
      SELECT $1, * FROM unnest($2::text[], $3::json[])
      ON CONFLICT (shard, merchant_id) DO UPDATE SET facts = excluded.facts`,
      values: [
        shard,
        binaryArray.text([...changed.keys()]),
        binaryArray.json(
          Array.from(changed.values(), (facts) =>
            JSON.stringify(factsToJson(facts)),
          ),
        ),
      ],
    },
  ];
}
