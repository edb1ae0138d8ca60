import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** What the granter remembers for metrics of all kinds: what activity was about, what is known of merchants, what is due. */
export class Subjects1764000000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await nameSubjects(queryRunner);
    await rememberMerchants(queryRunner);
    await queryRunner.query(`
      ALTER TABLE progress ALTER COLUMN progress TYPE json USING progress::json;
      -- When the clock has something to decide in it; null for never.
      ALTER TABLE progress ADD COLUMN due_at timestamptz;
      CREATE INDEX progress_due ON progress (shard, due_at) WHERE due_at IS NOT NULL;
    `);
    await rememberGoals(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('what was remembered anew is not forgotten again');
  }
}

async function nameSubjects(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- An order, session, video or product, named as in libs/programs/src/count/subject.ts; '' where an event stands alone.
    ALTER TABLE activity RENAME COLUMN order_id TO about;
    UPDATE activity SET about = CASE
      WHEN about IS NOT NULL THEN 'order:' || about
      WHEN type IN ('live.started', 'live.ended') THEN 'session:' || (data ->> 'sessionId')
      WHEN type = 'video.published' THEN 'video:' || (data ->> 'videoId')
      WHEN type = 'product.listed' THEN 'product:' || (data ->> 'productId')
      WHEN type = 'risk.flagged' AND data -> 'target' ->> 'kind' = 'order'
        THEN 'order:' || (data -> 'target' ->> 'id')
      ELSE '' END;
    ALTER TABLE activity ALTER COLUMN about SET DEFAULT '', ALTER COLUMN about SET NOT NULL;
    DROP INDEX activity_of_order;
    CREATE INDEX activity_of_subject ON activity (shard, merchant_id, about);
    -- The goals that an event came too late for, by their names, with commas between; most events have none.
    ALTER TABLE activity ADD COLUMN late_for text;
  `);
}

/** A goal counts what comes after it was first followed; those that were until now have been from the beginning. */
async function rememberGoals(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE TABLE goal_start (
      shard        smallint NOT NULL,
      goal         text     NOT NULL,
      kafka_offset bigint   NOT NULL,
      PRIMARY KEY (shard, goal)
    );
    GRANT SELECT, INSERT ON goal_start TO ${ROLES.granter};

    INSERT INTO goal_start
    SELECT shard, goal, 0
    FROM (SELECT DISTINCT shard FROM activity) AS shards,
      (SELECT DISTINCT program || '/' || json_object_keys(progress -> 'goals') AS goal FROM progress) AS goals;
  `);
}

/** What was not remembered until now is found in the activity that was accepted. */
async function rememberMerchants(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE TABLE merchant_facts (
      shard       smallint NOT NULL,
      merchant_id text     NOT NULL,
      facts       json     NOT NULL,
      PRIMARY KEY (shard, merchant_id)
    );
    GRANT SELECT, INSERT, UPDATE ON merchant_facts TO ${ROLES.granter};

    INSERT INTO merchant_facts
    WITH flagged_order AS (
      SELECT DISTINCT shard, merchant_id, about, true AS is_flagged FROM activity
      WHERE type = 'risk.flagged' AND about <> ''
    ), told AS (
      SELECT shard, merchant_id, type, data, kafka_offset, is_flagged,
        (extract(epoch FROM occurred_at) * 1000)::bigint AS at_ms
      FROM activity LEFT JOIN flagged_order USING (shard, merchant_id, about)
      WHERE type IN ('merchant.registered', 'live.started', 'order.paid', 'risk.flagged')
    ), flagged AS (
      SELECT shard, merchant_id, json_object_agg(session_id, at_ms) AS sessions FROM (
        SELECT shard, merchant_id, data -> 'target' ->> 'id' AS session_id, min(at_ms) AS at_ms FROM told
        WHERE type = 'risk.flagged' AND data -> 'target' ->> 'kind' = 'session' GROUP BY 1, 2, 3) AS flags
      GROUP BY 1, 2
    )
    SELECT shard, merchant_id, json_strip_nulls(json_build_object(
      'v', 1,
      'registeredAtMs', min(at_ms) FILTER (WHERE type = 'merchant.registered'),
      'category', (array_agg(data ->> 'category' ORDER BY at_ms, kafka_offset)
        FILTER (WHERE type = 'merchant.registered'))[1],
      'followers', (array_agg((data ->> 'followers')::bigint ORDER BY at_ms DESC, (data ->> 'followers')::bigint DESC)
        FILTER (WHERE data ->> 'followers' IS NOT NULL))[1],
      'followersAtMs', max(at_ms) FILTER (WHERE data ->> 'followers' IS NOT NULL),
      'firstStream', (array_agg(json_build_object('sessionId', data ->> 'sessionId', 'atMs', at_ms)
        ORDER BY at_ms, data ->> 'sessionId' COLLATE "C") FILTER (WHERE type = 'live.started'))[1],
      'firstSale', (array_agg(json_build_object(
          'orderId', data ->> 'orderId', 'atMs', at_ms, 'sessionId', data ->> 'sessionId', 'isFlagged', is_flagged)
        ORDER BY at_ms, data ->> 'orderId' COLLATE "C", kafka_offset) FILTER (WHERE type = 'order.paid'))[1],
      'flaggedAtMs', min(at_ms) FILTER (WHERE data -> 'target' ->> 'kind' = 'merchant'),
      'flaggedSessions', (SELECT sessions FROM flagged
        WHERE flagged.shard = told.shard AND flagged.merchant_id = told.merchant_id)))
    FROM told GROUP BY shard, merchant_id;
  `);
}
