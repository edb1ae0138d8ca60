import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** What came of promotion, kept as it is reported; and the limits that a merchant's switch carries. */
export class PromotionResults1764000000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { promoter, api, auditor } = ROLES;
    await queryRunner.query(`
      ALTER TABLE promotion_state ADD COLUMN auto_promotion_limits jsonb NOT NULL DEFAULT '{}';

      -- What delivery reports say, by the day in Asia/Shanghai that they are of. It follows from the promotions journal.
      CREATE TABLE promotion_result (
        shard       smallint NOT NULL,
        merchant_id text     NOT NULL,
        day         date     NOT NULL,
        placement   text     NOT NULL,
        -- The session or the video, by the placement.
        target_id   text     NOT NULL,
        impressions bigint   NOT NULL CHECK (impressions >= 0),
        -- These are ad delivery's word, which no grant bounds.
        clicks      numeric(38, 0) NOT NULL,
        orders      numeric(38, 0) NOT NULL,
        gmv_minor   numeric(38, 0) NOT NULL,
        PRIMARY KEY (shard, merchant_id, day, placement, target_id)
      );

      INSERT INTO promotion_result
        (shard, merchant_id, day, placement, target_id, impressions, clicks, orders, gmv_minor)
      WITH ordered AS (
        SELECT shard, cause ->> 'promotionOrderId' AS promotion_order_id, cause ->> 'placement' AS placement,
          coalesce(cause ->> 'sessionId', cause ->> 'videoId') AS target_id
        FROM entry WHERE journal = 'promotions' AND cause ->> 'type' = 'promotion_ordered'
      ), delivered AS (
        SELECT shard, merchant_id, (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day, cause,
          cause ->> 'promotionOrderId' AS promotion_order_id,
          (SELECT coalesce(sum(amount), 0) FROM posting
           WHERE posting.shard = entry.shard AND posting.journal = entry.journal AND posting.sequence = entry.sequence
             AND amount > 0) AS impressions
        FROM entry WHERE journal = 'promotions' AND cause ->> 'type' = 'promotion_delivered'
      )
      SELECT shard, merchant_id, day, placement, target_id, sum(impressions)::bigint,
        sum((cause ->> 'clicks')::numeric), sum((cause ->> 'orders')::numeric), sum((cause ->> 'gmvMinor')::numeric)
      FROM delivered JOIN ordered USING (shard, promotion_order_id)
      GROUP BY 1, 2, 3, 4, 5;

      GRANT SELECT, INSERT, UPDATE ON promotion_result TO ${promoter};
      GRANT SELECT ON promotion_result TO ${api};
      -- What the merchant sold besides, which results are held against.
      GRANT SELECT (shard, merchant_id, type, about, occurred_at, data) ON activity TO ${api};

      CREATE VIEW audit.promotion_result AS
        SELECT shard, merchant_id, day, placement, target_id, impressions, clicks, orders, gmv_minor
        FROM promotion_result;
      GRANT SELECT ON audit.promotion_result TO ${auditor};
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP VIEW audit.promotion_result;
      DROP TABLE promotion_result;
      ALTER TABLE promotion_state DROP COLUMN auto_promotion_limits;
      REVOKE SELECT (shard, merchant_id, type, about, occurred_at, data) ON activity FROM ${ROLES.api};
    `);
  }
}
