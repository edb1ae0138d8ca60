import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';
import { refuseChanges } from './refuse-changes.js';

/**
 * What programs there are, change by change: every shard of the granter takes the same changes in the same order, and its
 * head says how far it has come. Read by all shards and led by none, as `installation` is: a reference table of Citus.
 */
export class ProgramChanges1764000000017 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await makeTables(queryRunner);
    await refuseGaps(queryRunner);
    await giveRights(queryRunner);
    await showAuditors(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('the record of programs is never migrated down');
  }
}

async function makeTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- A version has one content, for good.
    CREATE TABLE program_version (
      program      text   NOT NULL,
      version      bigint NOT NULL CHECK (version > 0),
      -- SHA-256 of what the text says as canonical JSON, in hex.
      program_hash text   NOT NULL CHECK (program_hash ~ '^[0-9a-f]{64}$'),
      -- YAML, as it was published.
      text         text   NOT NULL,
      PRIMARY KEY (program, version),
      UNIQUE (program, version, program_hash)
    );

    CREATE TABLE program_change (
      sequence     bigint      PRIMARY KEY,
      change       text        NOT NULL CHECK (change IN ('published', 'withdrawn', 'paused', 'resumed')),
      program      text        NOT NULL,
      -- Of what was published or withdrawn; a pause is of all versions.
      version      bigint,
      program_hash text,
      made_by      text        NOT NULL CHECK (made_by <> ''),
      reason       text,
      -- Of api_change; null where it came out of the granter's directory.
      change_id    uuid,
      recorded_at  timestamptz NOT NULL,
      CHECK ((change IN ('published', 'withdrawn')) = (version IS NOT NULL)),
      CHECK ((version IS NULL) = (program_hash IS NULL)),
      FOREIGN KEY (program, version, program_hash) REFERENCES program_version (program, version, program_hash)
    );
    CREATE INDEX program_change_of_program ON program_change (program, sequence);
  `);
  for (const table of TABLES) await refuseChanges(queryRunner, table);
}

/** Whoever has read up to one has read all before it: two that write at once end at the primary key. */
async function refuseGaps(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- Its owner's, so that it sees the table whoever writes.
    CREATE FUNCTION refuse_program_gap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = public, pg_temp AS $$
    DECLARE last program_change := (SELECT c FROM program_change AS c ORDER BY sequence DESC LIMIT 1);
    BEGIN
      IF NEW.sequence > coalesce(last.sequence, 0) + 1 OR NEW.sequence < 1 THEN
        RAISE EXCEPTION 'change % of programs does not follow %', NEW.sequence, coalesce(last.sequence, 0)
          USING ERRCODE = 'check_violation';
      END IF;
      NEW.recorded_at := greatest(date_trunc('milliseconds', clock_timestamp()), last.recorded_at);
      RETURN NEW;
    END $$;
    CREATE TRIGGER in_order BEFORE INSERT ON program_change FOR EACH ROW EXECUTE FUNCTION refuse_program_gap();
    ALTER TABLE program_change ENABLE ALWAYS TRIGGER in_order;
  `);
}

/** What comes by the api names the change that asked for it; the granter publishes what is in its directory. */
async function giveRights(queryRunner: QueryRunner): Promise<void> {
  const { api, granter } = ROLES;
  await queryRunner.query(`
    GRANT SELECT, INSERT ON ${TABLES.join(', ')} TO ${granter}, ${api};
    ALTER TABLE program_change ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everyone_reads ON program_change FOR SELECT USING (true);
    CREATE POLICY granter_appends ON program_change FOR INSERT TO ${granter}
      WITH CHECK (change_id IS NULL AND change IN ('published', 'withdrawn'));
    CREATE POLICY api_appends ON program_change FOR INSERT TO ${api}
      WITH CHECK (change_id IS NOT NULL AND change IN ('published', 'paused', 'resumed'));
  `);
}

async function showAuditors(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE VIEW audit.program_version AS SELECT program, version, program_hash, text FROM program_version;
    CREATE VIEW audit.program_change AS
      SELECT sequence, change, program, version, program_hash, made_by, reason, change_id, recorded_at
      FROM program_change;
    GRANT SELECT ON audit.program_version, audit.program_change TO ${ROLES.auditor};
  `);
}

const TABLES = ['program_version', 'program_change'];
