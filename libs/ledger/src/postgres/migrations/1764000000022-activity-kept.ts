import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/**
 * From when on activity is kept. The quarters that are there do not tell: an event that comes late makes a forgotten one
 * anew. Read by all shards and led by none, as `installation` is: a reference table of Citus.
 */
export class ActivityKept1764000000022 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await makeRecord(queryRunner);
    await recordWhatIsForgotten(queryRunner);
    await tellWhenSessionsCounted(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('what was forgotten is not remembered again');
  }
}

async function makeRecord(queryRunner: QueryRunner): Promise<void> {
  const { granter, api, auditor } = ROLES;
  await queryRunner.query(`
    CREATE TABLE activity_kept (
      singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
      -- The first instant of a quarter, UTC; null until any activity was forgotten under this record.
      kept_from timestamptz
    );
    INSERT INTO activity_kept DEFAULT VALUES;
    GRANT SELECT ON activity_kept TO ${granter}, ${api};

    CREATE VIEW audit.activity_kept AS SELECT kept_from FROM activity_kept;
    GRANT SELECT ON audit.activity_kept TO ${auditor}, ${api};
  `);
}

async function recordWhatIsForgotten(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- What happened before a quarter counts nowhere from now on, where it may be forgotten. It never moves back.
    CREATE FUNCTION keep_activity_from(first date) RETURNS void LANGUAGE plpgsql
      SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE instant timestamptz := first::timestamp AT TIME ZONE 'UTC';
    BEGIN
      IF first <> date_trunc('quarter', first)::date THEN
        RAISE EXCEPTION 'no quarter begins on %', first USING ERRCODE = 'invalid_parameter_value';
      END IF;
      IF instant > now() - interval '400 days' THEN
        RAISE EXCEPTION 'what happened before % is kept: it was less than 400 days ago', first
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      UPDATE activity_kept SET kept_from = instant WHERE kept_from IS NULL OR kept_from < instant;
    END $$;
    REVOKE ALL ON FUNCTION keep_activity_from FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION keep_activity_from TO ${ROLES.granter};

    -- As before, but that it is recorded.
    CREATE OR REPLACE FUNCTION forget_quarter(parent text, first date) RETURNS void LANGUAGE plpgsql
      SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
    BEGIN
      IF parent NOT IN ('activity', 'promotion_input') OR first <> date_trunc('quarter', first)::date THEN
        RAISE EXCEPTION 'there is no quarter of % that begins on %', parent, first
          USING ERRCODE = 'invalid_parameter_value';
      END IF;
      IF (first + interval '3 months')::timestamp AT TIME ZONE 'UTC' > now() - interval '400 days' THEN
        RAISE EXCEPTION 'the quarter of % that begins on % is kept: it ended less than 400 days ago', parent, first
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      IF parent = 'activity' THEN
        PERFORM keep_activity_from((first + interval '3 months')::date);
      END IF;
      EXECUTE format('DROP TABLE IF EXISTS %I', parent || '_' || to_char(first, 'YYYY"q"Q'));
    END $$;
  `);
}

/**
 * Progress over sessions says when it last moved, from here on. What was written until now did so by now; to leave that
 * open would be to forget it with the next that counts.
 */
async function tellWhenSessionsCounted(
  queryRunner: QueryRunner,
): Promise<void> {
  await queryRunner.query(`
    UPDATE progress
    SET progress = (progress::jsonb || jsonb_build_object('last', floor(extract(epoch FROM now()) * 1000)))::json
    WHERE starts_with(period, 'session:') AND progress ->> 'last' IS NULL;
  `);
}
