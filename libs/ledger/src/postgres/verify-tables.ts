import type { Finding } from '../verify.js';
import type { PoolClient } from './pool.js';

/** What is told of one table in one shard: whoever reads more has the entries to look at. */
const MOST_ROWS = 20;

/**
 * Compares what is kept in step with the entries with the entries themselves, in one shard. The sums are the
 * database's, which puts aside on its disk what it cannot hold: a shard may have any number of merchants.
 *
 * @param rights what is known to be right, and not looked at
 */
export async function* verifyTables(
  client: PoolClient,
  shard: number,
  rights: ReadonlySet<TableCheck>,
): AsyncGenerator<Finding> {
  for (const [name, text] of CHECKS) {
    if (rights.has(name)) continue;
    const { rows } = await client.query<{
      entry_id: string | null;
      problem: string;
    }>({
      name: `verify-${name}`,
      text: `SELECT entry_id, problem FROM (${text}) AS wrong LIMIT ${MOST_ROWS}`,
      values: [shard],
    });
    for (const { entry_id, problem } of rows)
      yield { shard, entryId: entry_id, problem };
  }
}

/**
 * Commits count up by one, never go back, and end at the head. Their entries were recorded when they were: all of them,
 * where the first and the last one were, since an entry is never recorded before the one ahead.
 */
const BATCHES = `
  WITH batch AS (
    SELECT *,
      lag(revision, 1, 0::bigint) OVER in_order AS revision_before,
      lag(sequence, 1, 0::bigint) OVER in_order AS sequence_before,
      lag(recorded_at) OVER in_order AS recorded_before
    FROM journal_batch WHERE shard = $1::smallint
    WINDOW in_order AS (PARTITION BY journal ORDER BY revision)
  ), last AS (
    SELECT DISTINCT ON (journal) * FROM batch ORDER BY journal, revision DESC
  )
  SELECT NULL AS entry_id,
    format('journal_batch of %s-%s goes from revision %s, sequence %s, to revision %s, sequence %s',
      journal, $1::smallint, revision_before, sequence_before, revision, sequence) AS problem
  FROM batch WHERE revision <> revision_before + 1 OR sequence < sequence_before
  UNION ALL
  SELECT CASE WHEN last.sequence > coalesce(head.sequence, 0)
      THEN format('%s-%s-%s', journal, $1::smallint, coalesce(head.sequence, 0) + 1) END,
    format('the head of %s-%s stands at revision %s, sequence %s, consumed %s, but its last batch at revision %s, sequence %s, consumed %s',
      journal, $1::smallint, head.revision, head.sequence, head.consumed, last.revision, last.sequence, last.consumed)
  FROM (SELECT * FROM shard_head WHERE shard = $1::smallint) AS head FULL JOIN last USING (journal)
  WHERE (head.revision, head.sequence, head.consumed, head.recorded_at)
    IS DISTINCT FROM (last.revision, last.sequence, last.consumed, last.recorded_at)
  UNION ALL
  SELECT NULL, format('journal_batch of %s-%s at revision %s was recorded at %s, before the one ahead, at %s',
    journal, $1::smallint, revision, recorded_at, recorded_before)
  FROM batch WHERE recorded_at < recorded_before
  UNION ALL
  SELECT NULL, format('journal_batch of %s-%s at revision %s was recorded at %s, but %s-%s-%s in it at %s',
    journal, $1::smallint, revision, batch.recorded_at, journal, $1::smallint, entry.sequence, entry.recorded_at)
  FROM batch, LATERAL (
    SELECT sequence, recorded_at FROM entry
    WHERE entry.shard = $1::smallint AND entry.journal = batch.journal
      AND entry.sequence IN (batch.sequence_before + 1, batch.sequence) ORDER BY sequence OFFSET 0) AS entry
  WHERE batch.sequence > batch.sequence_before AND entry.recorded_at <> batch.recorded_at`;

/**
 * Accounts are named in full by postings, by class and merchant in balances. What was used for a merchant, of the
 * accounts of all, is kept by merchant too.
 */
const BALANCES = `
  WITH line AS (
    SELECT journal, account, unit, sequence, amount, balance, lag(balance, 1, 0::bigint) OVER (
      PARTITION BY journal, account, unit ORDER BY sequence, line) AS ahead
    FROM posting WHERE shard = $1::smallint
  ), named AS MATERIALIZED (
    SELECT journal, account AS name, unit, sum(amount) AS amount,
      min(sequence) FILTER (WHERE balance <> ahead + amount) AS first_wrong
    FROM line GROUP BY journal, account, unit
  ), of_merchants AS (
    -- The class is behind the last colon: a merchant's id may have some of its own.
    SELECT journal, substr(name, 10, length(name) - 10 - length(account)) AS merchant_id, account, unit, amount
    FROM named, LATERAL (SELECT reverse(split_part(reverse(name), ':', 1)) AS account) AS class
    WHERE starts_with(name, 'merchant:')
    UNION ALL
    SELECT journal, merchant_id, account, unit, sum(amount)
    FROM posting JOIN entry USING (shard, journal, sequence)
    WHERE shard = $1::smallint AND merchant_id IS NOT NULL
      AND account NOT LIKE 'merchant:%' AND account NOT LIKE 'pool:%' AND account NOT LIKE 'leased:%'
      AND account <> 'issuance'
    GROUP BY journal, merchant_id, account, unit
  )
  SELECT format('%s-%s-%s', journal, $1::smallint, first_wrong) AS entry_id,
    format('%s-%s-%s has a running balance of %s in %s that is not the sum of its postings',
      journal, $1::smallint, first_wrong, name, unit) AS problem
  FROM named WHERE first_wrong IS NOT NULL
  UNION ALL
  SELECT NULL,
    format('merchant_balance of %s in %s-%s: %s has %s %s, but the postings sum to %s',
      merchant_id, journal, $1::smallint, account, coalesce(kept.amount, 0), unit, coalesce(of_merchants.amount, 0))
  FROM (SELECT * FROM merchant_balance WHERE shard = $1::smallint) AS kept
    FULL JOIN of_merchants USING (journal, merchant_id, account, unit)
  WHERE coalesce(kept.amount, 0) <> coalesce(of_merchants.amount, 0)
  UNION ALL
  SELECT NULL, format('shard %s is off by %s %s in all', $1::smallint, sum(amount), unit)
  FROM named GROUP BY unit HAVING sum(amount) <> 0`;

/**
 * A lot is what an entry of the grants journal posted to what its merchant has available, and what the cause says. Not
 * every grant makes one: cash does not, nor does what all went to settle what was owed.
 */
const LOTS = `
  WITH posted AS (
    SELECT sequence, unit, lot_id AS named, sum(amount) AS amount FROM posting
    WHERE shard = $1::smallint AND journal = 'grants' AND account LIKE 'merchant:%:available'
    GROUP BY sequence, unit, lot_id
  ), told AS (
    SELECT format('grants-%s-%s', $1::smallint, sequence) AS lot_id, named, merchant_id, unit, amount AS granted,
      replace(cause ->> 'expiresAt', 'Z', '000') AS expires_at, cause ->> 'program' AS program
    FROM posted JOIN (SELECT * FROM entry
      WHERE shard = $1::smallint AND journal = 'grants') AS granting USING (sequence)
  ), kept AS (
    SELECT lot_id, merchant_id, unit, granted, program,
      -- As the cause has it, and with what no cause has: microseconds.
      to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS expires_at
    FROM lot WHERE shard = $1::smallint
  )
  SELECT lot_id AS entry_id,
    CASE
      WHEN kept.merchant_id IS NULL THEN format('%s is a grant without its row in lot', lot_id)
      WHEN told.merchant_id IS NULL THEN format('lot %s has no entry', lot_id)
      WHEN named IS DISTINCT FROM lot_id THEN format('%s grants to lot %s, and not to its own', lot_id, named)
      ELSE format('lot %s is %s, but the entry says %s', lot_id,
        concat_ws(' ', kept.granted, kept.unit, 'of', kept.merchant_id, 'from', kept.program, 'until', kept.expires_at),
        concat_ws(' ', told.granted, told.unit, 'of', told.merchant_id, 'from', told.program, 'until', told.expires_at))
    END AS problem
  FROM kept FULL JOIN told USING (lot_id)
  WHERE (kept.merchant_id, kept.unit, kept.granted, kept.program, kept.expires_at)
    IS DISTINCT FROM (told.merchant_id, told.unit, told.granted, told.program, told.expires_at)
    OR named IS DISTINCT FROM lot_id`;

/**
 * What has become of a lot is what the promotions journal posted of it; there is never more than was granted. A debt is
 * no use of a lot: a grant that all settled one has made none, and may be owed again.
 */
const LOT_USES = `
  WITH posted AS (
    SELECT lot_id,
      coalesce(sum(amount) FILTER (WHERE account LIKE 'merchant:%:reserved'), 0) AS reserved,
      coalesce(sum(amount) FILTER (WHERE account LIKE 'spent:%'), 0) AS spent,
      coalesce(sum(amount) FILTER (WHERE account LIKE 'expired:%'), 0) AS expired,
      coalesce(sum(amount) FILTER (WHERE account LIKE 'clawed\\_back:%'), 0) AS clawed_back
    FROM posting WHERE shard = $1::smallint AND journal = 'promotions' AND lot_id IS NOT NULL
      AND account NOT LIKE 'merchant:%:owed' GROUP BY lot_id
  ), compared AS (
    SELECT lot_id, lot.granted, kept.granted AS kept_granted,
      ARRAY[kept.reserved, kept.spent, kept.expired, kept.clawed_back]::numeric[] AS kept,
      ARRAY[coalesce(posted.reserved, 0), coalesce(posted.spent, 0), coalesce(posted.expired, 0),
        coalesce(posted.clawed_back, 0)] AS posted
    FROM (SELECT * FROM lot_use WHERE shard = $1::smallint) AS kept
      FULL JOIN posted USING (lot_id)
      LEFT JOIN (SELECT * FROM lot WHERE shard = $1::smallint) AS lot USING (lot_id)
  )
  SELECT lot_id AS entry_id,
    CASE
      WHEN granted IS NULL THEN format('%s is used, but there is no such lot', lot_id)
      WHEN kept IS NULL OR kept[1] IS NULL THEN format('lot %s is used by postings, but has no row in lot_use', lot_id)
      WHEN kept_granted <> granted
        THEN format('lot_use of %s says that %s were granted, but lot says %s', lot_id, kept_granted, granted)
      WHEN kept <> posted
        THEN format('lot_use of %s has (reserved, spent, expired, clawed back) as %s, but the postings sum to %s', lot_id, kept, posted)
      ELSE format('lot %s is below zero: %s were granted, and %s are (reserved, spent, expired, clawed back)', lot_id, granted, posted)
    END AS problem
  FROM compared
  WHERE granted IS NULL OR kept IS DISTINCT FROM posted OR kept_granted <> granted
    OR 0 > ANY (posted) OR granted < (SELECT sum(part) FROM unnest(posted) AS part)`;

/** What the granter decided to take back, the promoter has looked at once it has come so far. */
const TAKEN_BACK = `
  WITH decided AS (
    SELECT format('grants-%s-%s', $1::smallint, sequence) AS entry_id, named ->> 'lotId' AS lot_id
    FROM entry, json_array_elements(cause -> 'lots') AS named
    WHERE shard = $1::smallint AND journal = 'grants' AND kind = 'clawback' AND sequence < (
      SELECT (consumed ->> 'grants')::bigint FROM shard_head WHERE shard = $1::smallint AND journal = 'promotions')
  ), done AS (
    SELECT cause ->> 'decidedBy' AS entry_id, cause ->> 'lotId' AS lot_id FROM entry
    WHERE shard = $1::smallint AND journal = 'promotions' AND kind = 'clawback'
  )
  SELECT entry_id, format('%s takes %s back, but the promoter has passed over it', entry_id, lot_id) AS problem
  FROM (SELECT * FROM decided EXCEPT SELECT * FROM done) AS left_out`;

/** What an adjustment says of those who agreed, and on what, is what was proposed and approved. */
const ADJUSTMENTS = `
  WITH adjusted AS (
    SELECT journal, sequence, ARRAY[cause ->> 'adjustment', cause ->> 'asked', merchant_id, cause ->> 'reason',
      cause ->> 'proposalId', cause ->> 'proposedBy', replace(cause ->> 'proposedAt', 'Z', '000'),
      cause ->> 'approvedBy', replace(cause ->> 'approvedAt', 'Z', '000')] AS agreed
    FROM entry WHERE shard = $1::smallint AND kind IN ('adjustment', 'payout')
  ), decided AS (
    SELECT journal, sequence, ARRAY[adjustment ->> 'type', adjustment ->> 'amount', adjustment ->> 'merchantId',
      proposed.reason, proposal_id, proposed_by, to_char(proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
      decided_by, to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')] AS agreed
    FROM adjustment_decision JOIN adjustment_proposal AS proposed USING (shard, proposal_id)
    WHERE shard = $1::smallint AND sequence IS NOT NULL
  )
  SELECT entry_id, CASE
    WHEN adjusted.agreed IS NULL THEN format('%s was approved, but is no adjustment', entry_id)
    WHEN decided.agreed IS NULL THEN format('%s is an adjustment that nobody has approved', entry_id)
    ELSE format('%s adjusts by %s, but what was proposed and approved is %s', entry_id, adjusted.agreed, decided.agreed)
  END AS problem
  FROM adjusted FULL JOIN decided USING (journal, sequence),
    LATERAL format('%s-%s-%s', journal, $1::smallint, sequence) AS entry_id
  WHERE adjusted.agreed IS DISTINCT FROM decided.agreed`;

const CHECKS = [
  ['batches', BATCHES],
  ['balances', BALANCES],
  ['lots', LOTS],
  ['lot-uses', LOT_USES],
  ['taken-back', TAKEN_BACK],
  ['adjustments', ADJUSTMENTS],
] as const;

export type TableCheck = (typeof CHECKS)[number][0];
