import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the database itself holds programs to. */
export class Programs1764000000009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await guardTakingBack(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: it is never migrated down');
  }
}

/**
 * Whoever writes it: the granter decides to take back what it granted, and the promoter takes back what was decided,
 * each lot once and no more of it than that.
 */
async function guardTakingBack(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    ALTER TABLE entry ADD CONSTRAINT taken_back_with_cause CHECK (kind <> 'clawback' OR (
      merchant_id IS NOT NULL
      AND cause ->> 'type' = CASE journal WHEN 'grants' THEN 'reward_taken_back' ELSE 'lot_taken_back' END) IS TRUE);

    CREATE UNIQUE INDEX entry_of_taking_back ON entry (shard, (cause ->> 'decidedBy'), (cause ->> 'lotId'))
      WHERE kind = 'clawback' AND journal = 'promotions';
    CREATE INDEX entry_of_decision ON entry (shard, sequence) WHERE kind = 'clawback' AND journal = 'grants';

    -- Of the entry of grants of this name; null where it is no such name.
    CREATE FUNCTION sequence_of_grant(shard smallint, name text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
      SELECT CASE WHEN name ~ ('^grants-' || shard || '-[1-9][0-9]{0,17}$')
        THEN split_part(name, '-', 3)::bigint END
    $$;

    CREATE FUNCTION refuse_wrong_taking_back() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      asked numeric;
      wrong text;
    BEGIN
      IF NEW.journal = 'grants' THEN
        SELECT lot_id INTO wrong FROM (
          SELECT named ->> 'lotId' AS lot_id, named ->> 'amount' AS amount, count(*) OVER (
            PARTITION BY named ->> 'lotId') AS times
          FROM json_array_elements(NEW.cause -> 'lots') AS named) AS lots
        WHERE times > 1 OR NOT (amount ~ '^[1-9][0-9]*$') OR NOT EXISTS (
          SELECT FROM entry AS granting
          WHERE granting.shard = NEW.shard AND granting.journal = 'grants'
            AND granting.sequence = sequence_of_grant(NEW.shard, lot_id) AND granting.sequence < NEW.sequence
            AND granting.kind IN ('grant', 'adjustment') AND granting.merchant_id = NEW.merchant_id
            AND granting.program = NEW.program)
        LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'entry grants-%-% takes back %, which is named twice, without an amount, or no grant of % to %',
            NEW.shard, NEW.sequence, wrong, NEW.program, NEW.merchant_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
      END IF;
      SELECT (named ->> 'amount')::numeric INTO asked
        FROM entry AS decided, json_array_elements(decided.cause -> 'lots') AS named
        WHERE decided.shard = NEW.shard AND decided.journal = 'grants'
          AND decided.sequence = sequence_of_grant(NEW.shard, NEW.cause ->> 'decidedBy')
          AND decided.kind = 'clawback' AND decided.merchant_id = NEW.merchant_id AND decided.program = NEW.program
          AND named ->> 'lotId' = NEW.cause ->> 'lotId' AND named ->> 'amount' = NEW.cause ->> 'asked';
      IF asked IS NULL OR asked < (
        SELECT coalesce(sum(amount), 0) FROM posting
        WHERE posting.shard = NEW.shard AND posting.journal = NEW.journal AND posting.sequence = NEW.sequence
          AND amount > 0) THEN
        RAISE EXCEPTION 'entry promotions-%-% takes back what was not decided', NEW.shard, NEW.sequence
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NULL;
    END $$;
    -- At the commit: a grant may be of the same one, and postings come after their entry.
    CREATE CONSTRAINT TRIGGER taken_back AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.kind = 'clawback') EXECUTE FUNCTION refuse_wrong_taking_back();
    ALTER TABLE entry ENABLE ALWAYS TRIGGER taken_back;
  `);
}
