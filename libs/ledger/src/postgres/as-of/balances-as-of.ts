import { UNITS, type Unit } from '@app/contracts';
import {
  MERCHANT_ACCOUNT_CLASSES,
  type MerchantAccountClass,
} from '../../account.js';
import {
  cutOfShard,
  isWithin,
  NOTHING,
  type AccountBalance,
  type Cut,
  type JournalCut,
  type MerchantPlace,
} from '../../as-of/index.js';
import { JOURNALS } from '../../entry.js';
import type { Queryable } from '../queryable.js';

/**
 * What a merchant's own accounts had at a cut, in each unit that had ever moved there by then: of each account the
 * last posting says it, however many there are.
 */
export function balancesAsOf(
  db: Queryable,
  merchant: MerchantPlace,
  cut: Cut,
): Promise<AccountBalance[]> {
  return balancesAtJournalCut(db, merchant, cutOfShard(cut, merchant.shard));
}

/** {@link balancesAsOf} in the merchant's shard alone. */
export async function balancesAtJournalCut(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  cut: JournalCut,
): Promise<AccountBalance[]> {
  if (isWithin(cut, NOTHING)) return [];
  const { rows } = await db.query<{
    account: MerchantAccountClass;
    unit: Unit;
    amount: bigint;
  }>({
    name: 'balances-as-of',
    // The index may hold merchants' accounts alone: hence LIKE.
    text: `
      SELECT classes.class AS account, units.unit, sum(last.balance) AS amount
      FROM unnest($3::text[]) WITH ORDINALITY AS classes (class, class_number),
        unnest($4::text[]) WITH ORDINALITY AS units (unit, unit_number),
        unnest($5::text[], $6::bigint[]) AS cut (journal, sequence), LATERAL (
          SELECT posting.balance FROM audit.posting AS posting
          WHERE posting.shard = $1 AND posting.account LIKE 'merchant:%'
            AND posting.account = 'merchant:' || $2::text || ':' || classes.class AND posting.unit = units.unit
            AND posting.journal = cut.journal AND posting.sequence <= cut.sequence
          ORDER BY posting.sequence DESC, posting.line DESC LIMIT 1) AS last
      GROUP BY classes.class, class_number, units.unit, unit_number ORDER BY unit_number, class_number`,
    values: [
      shard,
      merchantId,
      MERCHANT_ACCOUNT_CLASSES,
      UNITS,
      JOURNALS,
      JOURNALS.map((journal) => cut[journal]),
    ],
  });
  return rows;
}
