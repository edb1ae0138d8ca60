import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** What auditors hold the record against: accepted activity and reports, the life of a promotion order, cold starts. */
export class Reconciliation1764000000019 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- What came of a promotion order; few entries are of these kinds.
      CREATE INDEX entry_of_order ON entry (shard, (cause ->> 'promotionOrderId'), sequence)
        WHERE kind IN ('deliver', 'release') AND journal = 'promotions';
      -- Flags are few among events.
      CREATE INDEX activity_of_flags ON activity (shard, merchant_id, kafka_offset) WHERE type = 'risk.flagged';

      CREATE VIEW audit.activity AS
        SELECT shard, event_key, merchant_id, type, occurred_at, kafka_offset, late_for, data FROM activity;

      CREATE VIEW audit.promotion_input AS SELECT shard, event_key, occurred_at FROM promotion_input;
    `);
    await nameMetrics(queryRunner);
    await showColdStarts(queryRunner);
    await queryRunner.query(
      `GRANT SELECT ON ALL TABLES IN SCHEMA audit TO ${ROLES.auditor}, ${ROLES.api}`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP VIEW audit.cold_start, audit.promotion_input, audit.activity;
      ALTER TABLE goal_start DROP COLUMN metric;
      DROP INDEX activity_of_flags, entry_of_order;
    `);
  }
}

/** What a goal counts is in the program's file, and until now nowhere here but in the causes of what it granted. */
async function nameMetrics(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    ALTER TABLE goal_start ADD COLUMN metric text;
    UPDATE goal_start SET metric = known.metric
    FROM (
      SELECT program || '/' || (cause ->> 'goal') AS goal, min(cause ->> 'metric') AS metric
      FROM entry WHERE kind = 'grant' AND cause ->> 'type' = 'goal_reached' GROUP BY 1) AS known
    -- A version that starts anew is a lineage of its own: program@version/goal.
    WHERE regexp_replace(goal_start.goal, '@[0-9]+/', '/') = known.goal;
  `);
}

/**
 * The first streams that were eligible, in goals that reward first streams: a standing says so by what was deserved,
 * also where the pool or a cap left nothing to pay; the entry says what was given, also where it was taken back since.
 */
async function showColdStarts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE VIEW audit.cold_start AS
      SELECT progress.shard, progress.merchant_id, split_part(progress.program, '@', 1) AS program,
        followed.goal_name AS goal, first_grant.entry_id, first_grant.unit, coalesce(first_grant.granted, 0) AS granted,
        first_grant.occurred_at AS decided_at, first_grant.recorded_at AS granted_at,
        extract(epoch FROM first_grant.recorded_at - first_grant.occurred_at) AS seconds
      FROM (
          SELECT shard, split_part(goal, '/', 1) AS lineage, split_part(goal, '/', 2) AS goal_name
          FROM goal_start WHERE metric = 'firstStream') AS followed
        JOIN progress ON progress.shard = followed.shard AND progress.program = followed.lineage
          AND progress -> 'goals' -> followed.goal_name -> 'paid' IS NOT NULL
        LEFT JOIN LATERAL (
          SELECT concat_ws('-', journal, shard, sequence) AS entry_id, occurred_at, recorded_at, pool.*
          FROM entry, LATERAL (
            SELECT unit, -sum(amount) AS granted FROM posting
            WHERE posting.shard = entry.shard AND posting.journal = entry.journal AND posting.sequence = entry.sequence
              AND account LIKE 'pool:%' GROUP BY unit) AS pool
          WHERE entry.shard = progress.shard AND entry.merchant_id = progress.merchant_id AND kind = 'grant'
            AND entry.program = split_part(progress.program, '@', 1) AND cause ->> 'metric' = 'firstStream'
            AND cause ->> 'goal' = followed.goal_name
          ORDER BY recorded_at, journal, sequence LIMIT 1) AS first_grant ON true;
  `);
}
