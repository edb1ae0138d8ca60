import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** What is remembered of events may be forgotten by quarters; the record stays. */
export class Forgetting1764000000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { granter } = ROLES;
    await queryRunner.query(`
      -- Drops a quarter of a table that remembers events; nothing where it is not there. It waits for no reader for
      -- long: all writers would wait behind it.
      CREATE FUNCTION forget_quarter(parent text, first date) RETURNS void LANGUAGE plpgsql
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
        EXECUTE format('DROP TABLE IF EXISTS %I', parent || '_' || to_char(first, 'YYYY"q"Q'));
      END $$;
      REVOKE ALL ON FUNCTION forget_quarter FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION forget_quarter TO ${granter};

      -- Progress of periods whose activity is forgotten goes with it.
      GRANT DELETE ON progress TO ${granter};
    `);
  }

  async down(): Promise<void> {
    throw new Error('what was forgotten is not remembered again');
  }
}
