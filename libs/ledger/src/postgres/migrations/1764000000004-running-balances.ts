import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';
import { refuseChanges } from './refuse-changes.js';

/**
 * What is asked of the ledger as of a moment, and by cause: running balances, the time of recording of each commit,
 * causes as the canonical text that was hashed, and the indexes behind them.
 */
export class RunningBalances1764000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP VIEW audit.entry, audit.posting, audit.shard_head',
    );
    await keepCausesAsHashed(queryRunner);
    await indexCauses(queryRunner);
    await keepRunningBalances(queryRunner);
    await keepTimesOfRecording(queryRunner);
    await guardPostings(queryRunner);
    await guardBalances(queryRunner);
    await keepWritersInTheirJournal(queryRunner);
    await showAuditors(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: it is never migrated down');
  }
}

/** json keeps the text as it was hashed, and costs less to write and to read than jsonb. */
async function keepCausesAsHashed(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- Canonical JSON (RFC 8785) of what causes are made of: names in ASCII, integers, strings, lists.
    CREATE FUNCTION canonical_json(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
      SELECT CASE jsonb_typeof(value)
        WHEN 'object' THEN (
          SELECT '{' || coalesce(string_agg(to_json(name)::text || ':' || canonical_json(field), ','
            ORDER BY name COLLATE "C"), '') || '}' FROM jsonb_each(value) AS fields (name, field))
        WHEN 'array' THEN (
          SELECT '[' || coalesce(string_agg(canonical_json(item), ',' ORDER BY place), '') || ']'
          FROM jsonb_array_elements(value) WITH ORDINALITY AS items (item, place))
        ELSE value::text
      END
    $$;
    ALTER TABLE entry ALTER COLUMN cause TYPE json USING canonical_json(cause)::json;
    DROP FUNCTION canonical_json;
  `);
}

/** The entries of a rule version, and all that one event has caused. */
async function indexCauses(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- Made by the database out of the cause, so that they can say nothing else.
    ALTER TABLE entry
      ADD COLUMN program text GENERATED ALWAYS AS (cause ->> 'program') STORED,
      ADD COLUMN program_version integer GENERATED ALWAYS AS ((cause ->> 'version')::integer) STORED;
    CREATE INDEX entry_of_rule ON entry (shard, program, program_version, journal, sequence)
      WHERE program IS NOT NULL;
    DROP INDEX entry_of_budget;
    CREATE INDEX entry_of_budget ON entry (shard) INCLUDE (program, program_version) WHERE kind = 'budget';

    -- One row for each event that a cause names; keys as activity has them.
    CREATE TABLE entry_event (
      shard     smallint NOT NULL,
      event_key bytea    NOT NULL CHECK (octet_length(event_key) = 16),
      journal   text     NOT NULL,
      sequence  bigint   NOT NULL,
      PRIMARY KEY (shard, event_key, journal, sequence)
    );
    CREATE FUNCTION event_key(source text, id text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
      SELECT substr(sha256(int4send(octet_length(s)) || s || int4send(octet_length(i)) || i), 1, 16)
      FROM (SELECT convert_to(source, 'UTF8') AS s, convert_to(id, 'UTF8') AS i) AS bytes
    $$;
    INSERT INTO entry_event (shard, event_key, journal, sequence)
      SELECT DISTINCT shard, event_key(event ->> 'source', event ->> 'id'), journal, sequence FROM (
        SELECT shard, journal, sequence, cause -> 'event' AS event FROM entry
        WHERE json_typeof(cause -> 'event') = 'object'
        UNION ALL
        SELECT shard, journal, sequence, json_array_elements(cause -> 'events') FROM entry
        WHERE json_typeof(cause -> 'events') = 'array') AS named;
  `);
  await refuseChanges(queryRunner, 'entry_event');
}

/** Where an account stood after each line, and a shard's classes of account after each commit. */
async function keepRunningBalances(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- Of the account in this unit, in this journal and shard, after this line.
    ALTER TABLE posting ADD COLUMN balance bigint;
    ALTER TABLE posting DISABLE TRIGGER append_only;
    UPDATE posting SET balance = running.balance FROM (
      SELECT shard, journal, sequence, line, sum(amount) OVER (
        PARTITION BY shard, journal, account, unit ORDER BY sequence, line) AS balance FROM posting) AS running
    WHERE (posting.shard, posting.journal, posting.sequence, posting.line)
      = (running.shard, running.journal, running.sequence, running.line);
    ALTER TABLE posting ENABLE ALWAYS TRIGGER append_only;
    ALTER TABLE posting ALTER COLUMN balance SET NOT NULL;

    CREATE INDEX posting_of_account ON posting (shard, account, unit, journal, sequence, line)
      WHERE account LIKE 'merchant:%';
    CREATE INDEX posting_of_lot ON posting (shard, lot_id, journal, sequence) WHERE lot_id IS NOT NULL;

    -- A merchant's own accounts, and what was used for the merchant; a pool belongs to the shard alone.
    DELETE FROM merchant_balance WHERE starts_with(account, 'pool:');

    CREATE TABLE shard_balance_at (
      shard    smallint NOT NULL,
      journal  text     NOT NULL,
      account  text     NOT NULL,
      unit     text     NOT NULL,
      -- Of the last entry of the commit.
      sequence bigint   NOT NULL,
      amount   bigint   NOT NULL,
      PRIMARY KEY (shard, journal, account, unit, sequence)
    );
    INSERT INTO shard_balance_at (shard, journal, account, unit, sequence, amount)
      SELECT shard, journal, account, unit, sequence, sum(sum(amount)) OVER (
        PARTITION BY shard, journal, account, unit ORDER BY sequence)
      FROM (
        SELECT posting.shard, posting.journal, unit, amount, committed.sequence,
          CASE WHEN starts_with(account, 'merchant:') THEN substring(account FROM '[^:]*$') ELSE account END AS account
        FROM posting, LATERAL (
          SELECT min(sequence) AS sequence FROM journal_batch AS batch
          WHERE batch.shard = posting.shard AND batch.journal = posting.journal
            AND batch.sequence >= posting.sequence) AS committed) AS posted
      GROUP BY shard, journal, account, unit, sequence;
    CREATE INDEX shard_balance_at_in_order ON shard_balance_at (shard, journal, sequence);

    -- A commit that moved an account to and fro has left no row of it: each has one from now on.
    INSERT INTO shard_balance (shard, journal, account, unit, amount)
      SELECT DISTINCT shard, journal, account, unit, 0 FROM shard_balance_at ON CONFLICT DO NOTHING;
    INSERT INTO merchant_balance (shard, merchant_id, journal, account, unit, amount)
      SELECT DISTINCT shard, merchant_id, journal,
        CASE WHEN starts_with(account, 'merchant:') THEN substring(account FROM '[^:]*$') ELSE account END, unit, 0
      FROM posting JOIN entry USING (shard, journal, sequence)
      WHERE merchant_id IS NOT NULL AND account <> 'issuance' AND NOT starts_with(account, 'pool:')
      ON CONFLICT DO NOTHING;
  `);
  await refuseChanges(queryRunner, 'shard_balance_at');
}

/** An instant is a cut through every journal: its time of recording never goes back. */
async function keepTimesOfRecording(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    ALTER TABLE shard_head ADD COLUMN recorded_at timestamptz;
    UPDATE shard_head SET recorded_at = (
      SELECT max(recorded_at) FROM journal_batch AS batch
      WHERE batch.shard = shard_head.shard AND batch.journal = shard_head.journal);
    ALTER TABLE shard_head ALTER COLUMN recorded_at SET NOT NULL;
    CREATE INDEX journal_batch_of_sequence ON journal_batch (shard, journal, sequence);
    CREATE INDEX journal_batch_of_time ON journal_batch (shard, journal, recorded_at, revision) INCLUDE (sequence);
  `);
}

/**
 * Every entry sums to zero, and only the entries of this very commit get lines. The head says which those are, so
 * that not each of them is looked up.
 */
async function guardPostings(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE OR REPLACE FUNCTION refuse_wrong_postings() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wrong record;
    BEGIN
      SELECT shard, journal, sequence, unit, sum(amount) AS off INTO wrong
        FROM added GROUP BY shard, journal, sequence, unit HAVING sum(amount) <> 0
        ORDER BY shard, journal, sequence LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'entry %-%-% is off by % %', wrong.journal, wrong.shard, wrong.sequence, wrong.off, wrong.unit
          USING ERRCODE = 'check_violation';
      END IF;
      SELECT touched.shard, touched.journal,
          CASE WHEN touched.last > coalesce(head.sequence, 0) THEN touched.last ELSE touched.first END AS sequence
        INTO wrong
        FROM (SELECT shard, journal, min(sequence) AS first, max(sequence) AS last FROM added
          GROUP BY shard, journal) AS touched
        LEFT JOIN shard_head AS head
          ON head.shard = touched.shard AND head.journal = touched.journal
          AND head.xmin = pg_current_xact_id()::xid
        LEFT JOIN journal_batch AS ahead
          ON ahead.shard = head.shard AND ahead.journal = head.journal AND ahead.revision = head.revision - 1
        WHERE head.shard IS NULL OR touched.last > head.sequence OR touched.first <= coalesce(ahead.sequence, 0)
        LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'entry %-%-% is not of this transaction: postings are appended with their entry',
          wrong.journal, wrong.shard, wrong.sequence
          USING ERRCODE = 'insufficient_privilege', HINT = 'Correct a mistake with another entry.';
      END IF;
      RETURN NULL;
    END $$;
  `);
}

/** No merchant has less than nothing to spend. */
async function guardBalances(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- Over both journals: what the one has granted, the other spends.
    CREATE FUNCTION refuse_below_zero() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wrong record;
    BEGIN
      SELECT merchant_id, account, unit, sum(balance.amount) AS amount INTO wrong
        FROM changed JOIN merchant_balance AS balance USING (shard, merchant_id, account, unit)
        WHERE account IN ('available', 'reserved', 'payable') AND changed.amount < 0
        GROUP BY shard, merchant_id, account, unit HAVING sum(balance.amount) < 0 LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION '% of merchant % would fall to % %', wrong.account, wrong.merchant_id, wrong.amount, wrong.unit
          USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER not_below_zero_when_new AFTER INSERT ON merchant_balance REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_below_zero();
    CREATE TRIGGER not_below_zero AFTER UPDATE ON merchant_balance REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_below_zero();
    ALTER TABLE merchant_balance ENABLE ALWAYS TRIGGER not_below_zero_when_new;
    ALTER TABLE merchant_balance ENABLE ALWAYS TRIGGER not_below_zero;
  `);
}

/** Each service writes its own journal, and can write no other. */
async function keepWritersInTheirJournal(
  queryRunner: QueryRunner,
): Promise<void> {
  const { granter, promoter } = ROLES;
  await queryRunner.query(`
    GRANT SELECT ON entry_event, shard_balance_at, journal_batch TO ${granter}, ${promoter}, ${ROLES.api};
    GRANT INSERT ON entry_event, shard_balance_at TO ${granter}, ${promoter};
  `);
  for (const table of TABLES_OF_A_JOURNAL)
    await queryRunner.query(`
      ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
      CREATE POLICY everyone_reads ON ${table} FOR SELECT USING (true);
      CREATE POLICY granter_appends ON ${table} FOR INSERT TO ${granter} WITH CHECK (journal = 'grants');
      CREATE POLICY promoter_appends ON ${table} FOR INSERT TO ${promoter} WITH CHECK (journal = 'promotions');
      CREATE POLICY granter_changes ON ${table} FOR UPDATE TO ${granter} USING (journal = 'grants');
      CREATE POLICY promoter_changes ON ${table} FOR UPDATE TO ${promoter} USING (journal = 'promotions');
    `);
}

const TABLES_OF_A_JOURNAL = [
  'shard_head',
  'journal_batch',
  'entry',
  'posting',
  'entry_event',
  'merchant_balance',
  'shard_balance',
  'shard_balance_at',
];

async function showAuditors(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE VIEW audit.entry AS
      SELECT concat_ws('-', journal, shard, sequence) AS entry_id, journal, shard, sequence, kind, merchant_id,
        occurred_at, recorded_at, cause, encode(hash, 'hex') AS hash, program, program_version
      FROM entry;

    CREATE VIEW audit.posting AS
      SELECT concat_ws('-', journal, shard, sequence) AS entry_id, journal, shard, sequence, line,
        account, unit, amount, lot_id, balance
      FROM posting;

    CREATE VIEW audit.entry_event AS
      SELECT concat_ws('-', journal, shard, sequence) AS entry_id, shard, event_key, journal, sequence
      FROM entry_event;

    CREATE VIEW audit.shard_head AS
      SELECT journal, shard, sequence, encode(hash, 'hex') AS hash, consumed, recorded_at FROM shard_head;

    CREATE VIEW audit.shard_balance_at AS
      SELECT shard, journal, account, unit, sequence, amount FROM shard_balance_at;

    GRANT SELECT ON ALL TABLES IN SCHEMA audit TO ${ROLES.auditor};
    GRANT USAGE ON SCHEMA audit TO ${ROLES.api};
  `);
}
