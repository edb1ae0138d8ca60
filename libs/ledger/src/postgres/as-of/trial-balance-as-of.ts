import type { ClassBalance, Cut } from '../../as-of/index.js';
import { JOURNALS } from '../../entry.js';
import type { Queryable } from '../queryable.js';

/**
 * What all accounts of each class had in each unit at a cut, over the shards of the cut: every unit sums to zero.
 * Each shard kept it after each of its commits; a cut in the middle of a commit, as a position can be, adds what that
 * commit posted up to there.
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
      ), kept AS (
        SELECT known.account, known.unit, last.amount
        FROM cut JOIN audit.shard_balance AS known USING (shard, journal), LATERAL (
          SELECT at.amount FROM audit.shard_balance_at AS at
          WHERE at.shard = cut.shard AND at.journal = cut.journal AND at.account = known.account
            AND at.unit = known.unit AND at.sequence <= cut.sequence
          ORDER BY at.sequence DESC LIMIT 1) AS last
      ), behind AS (
        SELECT CASE WHEN account LIKE 'merchant:%' THEN substring(account FROM '[^:]*$') ELSE account END AS account,
          unit, amount
        FROM cut, LATERAL (
          SELECT coalesce(max(at.sequence), 0) AS sequence FROM audit.shard_balance_at AS at
          WHERE at.shard = cut.shard AND at.journal = cut.journal AND at.sequence <= cut.sequence
        ) AS commit, LATERAL (
          SELECT posting.account, posting.unit, posting.amount FROM audit.posting AS posting
          WHERE posting.shard = cut.shard AND posting.journal = cut.journal
            AND posting.sequence > commit.sequence AND posting.sequence <= cut.sequence
          -- Looked up journal by journal, however many postings the planner expects.
          OFFSET 0) AS posted
        -- At the end of a commit, as at every instant, there is nothing to look for among millions.
        WHERE commit.sequence < cut.sequence
      )
      SELECT account, unit, sum(amount) AS amount FROM (SELECT * FROM kept UNION ALL SELECT * FROM behind) AS line
      GROUP BY account, unit ORDER BY account COLLATE "C", unit COLLATE "C"`,
    values: [
      cuts.map(({ shard }) => shard),
      cuts.map(({ journal }) => journal),
      cuts.map(({ sequence }) => sequence),
    ],
  });
  return rows;
}
