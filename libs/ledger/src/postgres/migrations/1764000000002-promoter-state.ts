import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the promoter remembers: a cache of the log, but for the inputs it has seen. */
export class PromoterState1764000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Events taken from the activity and delivery topics, so that none is taken twice.
      CREATE TABLE promotion_input (
        shard        smallint    NOT NULL,
        event_key    bytea       NOT NULL,
        content_hash bytea       NOT NULL,
        occurred_at  timestamptz NOT NULL,
        PRIMARY KEY (shard, event_key, occurred_at)
      ) PARTITION BY RANGE (occurred_at);

      CREATE TABLE promotion_state (
        shard                   smallint NOT NULL,
        merchant_id             text     NOT NULL,
        auto_promotion          boolean  NOT NULL,
        auto_promotion_since    timestamptz,
        -- The id of the event that last turned the switch.
        auto_promotion_event_id text,
        state                   jsonb    NOT NULL,
        -- When time alone will next have something to do here.
        next_due_at             timestamptz,
        PRIMARY KEY (shard, merchant_id)
      );
      CREATE INDEX promotion_due ON promotion_state (shard, next_due_at)
        WHERE next_due_at IS NOT NULL;

      -- How far a journal's orders have been published: behind the head after a crash, never ahead of it.
      CREATE TABLE publication (
        shard    smallint NOT NULL,
        journal  text     NOT NULL,
        sequence bigint   NOT NULL,
        PRIMARY KEY (shard, journal)
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE promotion_input, promotion_state, publication;',
    );
  }
}
