import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the granter remembers: accepted activity (for duplicates and refunds) and merchants' progress. */
export class GranterState1764000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Accepted activity. By quarter of the event's own time, so that a quarter can be dropped once no
      -- program could count an event of it any more. data is json, not jsonb: it is kept, not searched,
      -- and json takes every string that a publisher can send.
      CREATE TABLE activity (
        shard        smallint    NOT NULL,
        event_key    bytea       NOT NULL,
        content_hash bytea       NOT NULL,
        merchant_id  text        NOT NULL,
        type         text        NOT NULL,
        occurred_at  timestamptz NOT NULL,
        kafka_offset bigint      NOT NULL,
        order_id     text,
        data         json        NOT NULL,
        PRIMARY KEY (shard, event_key, occurred_at)
      ) PARTITION BY RANGE (occurred_at);
      CREATE INDEX activity_of_order ON activity (shard, merchant_id, order_id)
        WHERE order_id IS NOT NULL;

      CREATE TABLE progress (
        shard       smallint NOT NULL,
        merchant_id text     NOT NULL,
        program     text     NOT NULL,
        period      text     NOT NULL,
        progress    jsonb    NOT NULL,
        PRIMARY KEY (shard, merchant_id, program, period)
      );

      -- Makes the quarter of a time-partitioned table that holds an instant, where it is not there yet.
      CREATE FUNCTION ensure_quarter(parent text, instant timestamptz) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        first date := date_trunc('quarter', instant AT TIME ZONE 'UTC')::date;
        child text := parent || '_' || to_char(first, 'YYYY"q"Q');
      BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('ensure_quarter'));
        IF to_regclass(child) IS NULL THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
            first::timestamp AT TIME ZONE 'UTC', (first + interval '3 months')::timestamp AT TIME ZONE 'UTC');
        END IF;
      END $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE activity, progress;
      DROP FUNCTION ensure_quarter;
    `);
  }
}
