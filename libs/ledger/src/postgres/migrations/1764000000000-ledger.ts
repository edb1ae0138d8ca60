import type { MigrationInterface, QueryRunner } from 'typeorm';
import { refuseChanges } from './refuse-changes.js';

/** The record itself: heads, batches, entries and postings, and what is kept in step with them. */
export class Ledger1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- One row: what can never change once shards exist.
      CREATE TABLE installation (
        singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        shard_count smallint NOT NULL CHECK (shard_count > 0),
        created_at  timestamptz NOT NULL DEFAULT now()
      );

      -- Where each writer stands: moved by compare-and-set, so that a writer that lost its shard is refused.
      CREATE TABLE shard_head (
        shard    smallint NOT NULL,
        journal  text     NOT NULL CHECK (journal IN ('grants', 'promotions')),
        revision bigint   NOT NULL,
        sequence bigint   NOT NULL,
        hash     bytea    NOT NULL,
        consumed jsonb    NOT NULL,
        PRIMARY KEY (shard, journal)
      );

      -- What each commit had consumed and written: with it the inputs can be fed again in the same order.
      CREATE TABLE journal_batch (
        shard       smallint    NOT NULL,
        journal     text        NOT NULL,
        revision    bigint      NOT NULL,
        sequence    bigint      NOT NULL,
        consumed    jsonb       NOT NULL,
        ticked_at   timestamptz,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (shard, journal, revision)
      );

      CREATE TABLE entry (
        shard       smallint    NOT NULL,
        journal     text        NOT NULL CHECK (journal IN ('grants', 'promotions')),
        sequence    bigint      NOT NULL CHECK (sequence > 0),
        kind        text        NOT NULL,
        merchant_id text,
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        cause       jsonb       NOT NULL,
        hash        bytea       NOT NULL CHECK (octet_length(hash) = 32),
        PRIMARY KEY (shard, journal, sequence)
      );
      CREATE INDEX entry_of_merchant
        ON entry (shard, merchant_id, recorded_at, journal, sequence);
      CREATE INDEX entry_of_budget ON entry (shard) WHERE kind = 'budget';

      CREATE TABLE posting (
        shard    smallint NOT NULL,
        journal  text     NOT NULL,
        sequence bigint   NOT NULL,
        line     smallint NOT NULL,
        account  text     NOT NULL,
        unit     text     NOT NULL CHECK (unit IN ('LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP', 'CNY')),
        amount   bigint   NOT NULL CHECK (amount <> 0),
        lot_id   text,
        PRIMARY KEY (shard, journal, sequence, line)
      );

      -- A grant, as it was made.
      CREATE TABLE lot (
        shard       smallint    NOT NULL,
        lot_id      text        NOT NULL,
        merchant_id text        NOT NULL,
        unit        text        NOT NULL,
        granted     bigint      NOT NULL CHECK (granted > 0),
        expires_at  timestamptz NOT NULL,
        program     text        NOT NULL,
        PRIMARY KEY (shard, lot_id)
      );
      CREATE INDEX lot_of_merchant ON lot (shard, merchant_id, expires_at);

      -- What has become of a grant. Kept by the promotions journal alone, so that the two never contend.
      CREATE TABLE lot_use (
        shard        smallint NOT NULL,
        lot_id       text     NOT NULL,
        granted      bigint   NOT NULL,
        reserved     bigint   NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        spent        bigint   NOT NULL DEFAULT 0 CHECK (spent >= 0),
        expired      bigint   NOT NULL DEFAULT 0 CHECK (expired >= 0),
        clawed_back  bigint   NOT NULL DEFAULT 0 CHECK (clawed_back >= 0),
        PRIMARY KEY (shard, lot_id),
        CONSTRAINT lot_not_below_zero CHECK (granted >= reserved + spent + expired + clawed_back)
      );

      -- Balances by journal, for the same reason; an account's balance is the sum of both journals' rows.
      CREATE TABLE merchant_balance (
        shard       smallint NOT NULL,
        merchant_id text     NOT NULL,
        journal     text     NOT NULL,
        account     text     NOT NULL,
        unit        text     NOT NULL,
        amount      bigint   NOT NULL,
        PRIMARY KEY (shard, merchant_id, journal, account, unit)
      );
      CREATE TABLE shard_balance (
        shard   smallint NOT NULL,
        journal text     NOT NULL,
        account text     NOT NULL,
        unit    text     NOT NULL,
        amount  bigint   NOT NULL,
        PRIMARY KEY (shard, journal, account, unit)
      );

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'insufficient_privilege', HINT = 'Correct a mistake with another entry.';
      END $$;

      -- Whoever may append postings may append those of new entries: an old one gets no further lines.
      CREATE FUNCTION refuse_wrong_postings() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE wrong record;
      BEGIN
        SELECT shard, journal, sequence, unit, sum(amount) AS off INTO wrong
          FROM added GROUP BY shard, journal, sequence, unit HAVING sum(amount) <> 0 LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'entry %-%-% is off by % %', wrong.journal, wrong.shard, wrong.sequence, wrong.off, wrong.unit
            USING ERRCODE = 'check_violation';
        END IF;
        SELECT touched.* INTO wrong
          FROM (SELECT DISTINCT shard, journal, sequence FROM added) AS touched
          LEFT JOIN entry USING (shard, journal, sequence)
          WHERE entry.xmin IS DISTINCT FROM pg_current_xact_id()::xid LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'entry %-%-% is not of this transaction: postings are appended with their entry',
            wrong.journal, wrong.shard, wrong.sequence
            USING ERRCODE = 'insufficient_privilege', HINT = 'Correct a mistake with another entry.';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER right_postings AFTER INSERT ON posting REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_wrong_postings();
      ALTER TABLE posting ENABLE ALWAYS TRIGGER right_postings;
    `);
    for (const table of APPEND_ONLY_TABLES)
      await refuseChanges(queryRunner, table);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: it is never migrated down');
  }
}

const APPEND_ONLY_TABLES = ['entry', 'posting', 'lot', 'journal_batch'];
