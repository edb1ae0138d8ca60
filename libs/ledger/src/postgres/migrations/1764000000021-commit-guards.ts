import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/**
 * What holds also for a service that would write anything its role lets it: a head moves once a commit and never back,
 * entries follow each other without a gap, old ones get no lines, and a lot is used up to what was granted.
 */
export class CommitGuards1764000000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await guardHeads(queryRunner);
    await guardBatches(queryRunner);
    await guardEntries(queryRunner);
    await guardPostings(queryRunner);
    await guardUseOfLots(queryRunner);
    await lookIntoRealTables(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: it is never migrated down');
  }
}

/** All that is appended is measured by the head, so that it tells nothing but what was committed. */
async function guardHeads(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- The triggers' conditions say what is wrong, so that a right move calls nothing.
    CREATE FUNCTION refuse_wrong_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the head of %-% cannot begin at revision %, sequence %',
        NEW.journal, NEW.shard, NEW.revision, NEW.sequence
        USING ERRCODE = 'insufficient_privilege', HINT = 'The first commit of a journal makes its head, at revision 1.';
    END $$;
    CREATE TRIGGER right_head BEFORE INSERT ON shard_head
      FOR EACH ROW WHEN (NEW.revision <> 1 OR NEW.sequence < 0) EXECUTE FUNCTION refuse_wrong_head();
    ALTER TABLE shard_head ENABLE ALWAYS TRIGGER right_head;

    CREATE FUNCTION refuse_wrong_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the head of %-% cannot move from revision %, sequence %, recorded at %, to %-% at revision %, sequence %, recorded at %',
        OLD.journal, OLD.shard, OLD.revision, OLD.sequence, OLD.recorded_at,
        NEW.journal, NEW.shard, NEW.revision, NEW.sequence, NEW.recorded_at
        USING ERRCODE = 'insufficient_privilege',
          HINT = 'A commit moves the revision by one, and neither the sequence nor the time back.';
    END $$;
    CREATE TRIGGER right_move BEFORE UPDATE ON shard_head
      FOR EACH ROW WHEN (
        NEW.shard <> OLD.shard OR NEW.journal <> OLD.journal OR NEW.revision <> OLD.revision + 1
        OR NEW.sequence < OLD.sequence OR NEW.recorded_at < OLD.recorded_at)
      EXECUTE FUNCTION refuse_wrong_move();
    ALTER TABLE shard_head ENABLE ALWAYS TRIGGER right_move;

    CREATE FUNCTION refuse_head_without_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM FROM entry
        WHERE shard = NEW.shard AND journal = NEW.journal AND sequence = NEW.sequence AND hash = NEW.hash;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'the head of %-% stands at sequence %, but there is no such entry with its hash',
          NEW.journal, NEW.shard, NEW.sequence
          USING ERRCODE = 'insufficient_privilege', HINT = 'Append the entries in the transaction that moves the head.';
      END IF;
      RETURN NULL;
    END $$;
    -- At the commit: the head is moved first, so that a writer who lost its shard writes nothing.
    CREATE CONSTRAINT TRIGGER has_its_entry AFTER INSERT OR UPDATE ON shard_head DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.sequence > 0) EXECUTE FUNCTION refuse_head_without_entry();
    ALTER TABLE shard_head ENABLE ALWAYS TRIGGER has_its_entry;
  `);
}

/** The batch ahead says where a commit begins: one that told less than its head would open old entries to the next. */
async function guardBatches(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE FUNCTION refuse_wrong_batches() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wrong record;
    BEGIN
      SELECT added.shard, added.journal, added.revision INTO wrong
        FROM added LEFT JOIN shard_head AS head
          ON head.shard = added.shard AND head.journal = added.journal
          AND head.xmin = pg_current_xact_id()::xid
        WHERE ((head.revision, head.sequence, head.recorded_at, head.consumed)
          = (added.revision, added.sequence, added.recorded_at, added.consumed)) IS NOT TRUE
        LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'batch % of %-% is not what this transaction has moved the head to',
          wrong.revision, wrong.journal, wrong.shard
          USING ERRCODE = 'insufficient_privilege', HINT = 'A batch is recorded with the move of its head, as the head has it.';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER right_batches AFTER INSERT ON journal_batch REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_wrong_batches();
    ALTER TABLE journal_batch ENABLE ALWAYS TRIGGER right_batches;
  `);
}

/**
 * Beside what a statement touched: the last entry of the commit that this transaction makes, and the last ahead of it.
 * Nothing where it makes none, or where the batch ahead is not there to say.
 */
const MADE = `
  LEFT JOIN LATERAL (
    SELECT head.sequence AS last, CASE head.revision WHEN 1 THEN 0 ELSE ahead.sequence END AS ahead
    FROM shard_head AS head LEFT JOIN journal_batch AS ahead
      ON ahead.shard = head.shard AND ahead.journal = head.journal AND ahead.revision = head.revision - 1
    WHERE head.shard = touched.shard AND head.journal = touched.journal
      AND head.xmin = pg_current_xact_id()::xid) AS made ON true`;

/** A commit's entries come at once, so that three numbers say that none is missing, and none is looked up. */
async function guardEntries(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE FUNCTION refuse_wrong_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wrong record;
    BEGIN
      SELECT touched.* INTO wrong
        FROM (SELECT shard, journal, min(sequence) AS first, max(sequence) AS last, count(*) AS many FROM added
          GROUP BY shard, journal) AS touched ${MADE}
        WHERE (touched.first = made.ahead + 1 AND touched.last = made.last
          AND touched.many = made.last - made.ahead) IS NOT TRUE
        LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'entries % to % of %-% are not those from the head before this transaction to its head now',
          wrong.first, wrong.last, wrong.journal, wrong.shard
          USING ERRCODE = 'insufficient_privilege',
            HINT = 'Move the head, and append all entries up to it in one statement, without a gap.';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER right_entries AFTER INSERT ON entry REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_wrong_entries();
    ALTER TABLE entry ENABLE ALWAYS TRIGGER right_entries;
  `);
}

/** As before, but for a head that is ahead of its batches: then nothing says which entries are new. */
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
          CASE WHEN touched.last > coalesce(made.last, 0) THEN touched.last ELSE touched.first END AS sequence
        INTO wrong
        FROM (SELECT shard, journal, min(sequence) AS first, max(sequence) AS last FROM added
          GROUP BY shard, journal) AS touched ${MADE}
        WHERE (touched.first > made.ahead AND touched.last <= made.last) IS NOT TRUE
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

/** A use of a lot is checked against its own `granted`: that is the lot's from the first, and stays. */
async function guardUseOfLots(queryRunner: QueryRunner): Promise<void> {
  const users = `${ROLES.promoter}, ${ROLES.adjuster}`;
  await queryRunner.query(`
    REVOKE UPDATE ON lot_use FROM ${users};
    GRANT UPDATE (reserved, spent, expired, clawed_back) ON lot_use TO ${users};

    CREATE FUNCTION refuse_wrong_use() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wrong record;
    BEGIN
      -- By the lot's key, whatever the planner believes of a table that grows behind it.
      SELECT added.lot_id, added.granted, made.granted AS by_lot INTO wrong
        FROM added LEFT JOIN LATERAL (
          SELECT granted FROM lot WHERE lot.shard = added.shard AND lot.lot_id = added.lot_id OFFSET 0) AS made ON true
        WHERE made.granted IS DISTINCT FROM added.granted LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'the use of lot % would have % granted, but %', wrong.lot_id, wrong.granted,
          coalesce('the lot has ' || wrong.by_lot, 'there is no such lot')
          USING ERRCODE = 'check_violation', HINT = 'What was granted is taken from the lot.';
      END IF;
      RETURN NULL;
    END $$;
    -- Of those alone that are new: once in the life of a lot.
    CREATE TRIGGER right_use AFTER INSERT ON lot_use REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_wrong_use();
    ALTER TABLE lot_use ENABLE ALWAYS TRIGGER right_use;
  `);
}

/** A session's temporary table comes ahead of the real one of its name: a guard that looked into it could be told anything. */
async function lookIntoRealTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    DO $$ DECLARE guard regprocedure;
    BEGIN
      FOR guard IN SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype AND starts_with(proname, 'refuse_')
      LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', guard);
      END LOOP;
    END $$;
  `);
}
