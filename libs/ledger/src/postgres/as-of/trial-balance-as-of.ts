import type { ClassBalance, Cut } from '../../as-of/index.js';
import { JOURNALS } from '../../entry.js';
import { ACCOUNT_CLASS } from '../account-class.js';
import type { Queryable } from '../queryable.js';

/**
 * What all accounts of each class had in each unit at a cut, over the shards of the cut: every unit sums to zero.
 * Each shard kept it after each of its commits, for what the commit moved: most classes are found together at the last
 * one ahead of the cut, the others each by itself. A cut in the middle of a commit, as a position can be, adds what
 * that commit posted up to there.
 */
export async function trialBalanceAsOf(
  db: Queryable,
  { shards }: Cut,
): Promise<ClassBalance[]> {
  const cuts = Array.from(shards, ([shard, cut]) =>
    JOURNALS.map((journal) => ({ shard, journal, sequence: cut[journal] })),
  ).flat();
  const { rows } = await db.query<ClassBalance>({
    name: 'trial-balance-as-of',
    text: `
      WITH cut AS MATERIALIZED (
        SELECT * FROM unnest($1::smallint[], $2::text[], $3::bigint[]) AS cut (shard, journal, sequence)
        WHERE sequence > 0
      ), recent AS MATERIALIZED (
        SELECT cut.shard, cut.journal, last.* FROM cut, LATERAL (
          SELECT at.sequence AS committed, at.account, at.unit, at.amount FROM audit.shard_balance_at AS at
          WHERE at.shard = cut.shard AND at.journal = cut.journal AND at.sequence <= cut.sequence
          ORDER BY at.sequence DESC FETCH FIRST ROW WITH TIES) AS last
      ), older AS (
        SELECT known.account, known.unit, last.amount
        FROM (
          SELECT cut.*, known.account, known.unit FROM cut JOIN audit.shard_balance AS known USING (shard, journal)
          -- Hashed, whatever number of rows the planner expects: a join might compare each with each.
          WHERE (shard, journal, account, unit) NOT IN (SELECT shard, journal, account, unit FROM recent)
          OFFSET 0) AS known, LATERAL (
          SELECT at.amount FROM audit.shard_balance_at AS at
          WHERE at.shard = known.shard AND at.journal = known.journal AND at.account = known.account
            AND at.unit = known.unit AND at.sequence <= known.sequence
          ORDER BY at.sequence DESC LIMIT 1) AS last
      ), behind AS (
        SELECT ${ACCOUNT_CLASS} AS account,
          unit, amount
        FROM (
          SELECT shard, journal, max(committed) AS committed, max(sequence) AS sequence
          FROM (
            SELECT shard, journal, sequence, 0 AS committed FROM cut
            UNION ALL SELECT shard, journal, 0, committed FROM recent) AS either
          GROUP BY shard, journal HAVING max(committed) < max(sequence)) AS begun, LATERAL (
          SELECT posting.account, posting.unit, posting.amount FROM audit.posting AS posting
          WHERE posting.shard = begun.shard AND posting.journal = begun.journal
            AND posting.sequence > begun.committed AND posting.sequence <= begun.sequence
          -- Looked up journal by journal, however many postings the planner expects.
          OFFSET 0) AS posted
      )
      SELECT account, unit, sum(amount) AS amount FROM (
        SELECT account, unit, amount FROM recent UNION ALL SELECT * FROM older UNION ALL SELECT * FROM behind) AS line
      GROUP BY account, unit ORDER BY account COLLATE "C", unit COLLATE "C"`,
    values: [
      cuts.map(({ shard }) => shard),
      cuts.map(({ journal }) => journal),
      cuts.map(({ sequence }) => sequence),
    ],
  });
  return rows;
}
