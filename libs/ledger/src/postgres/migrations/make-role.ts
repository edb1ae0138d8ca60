import type { QueryRunner } from 'typeorm';
import type { Role } from '../roles.js';

/** Makes a role where the server has none of the name: another database's migration may have made it. */
export async function makeRole(
  queryRunner: QueryRunner,
  role: Role,
): Promise<void> {
  await queryRunner.query(`
    DO $$ BEGIN
      CREATE ROLE ${role} NOLOGIN;
      -- Whoever made it may act as it; superusers may anyway.
      EXECUTE format('GRANT ${role} TO %I WITH SET TRUE, INHERIT FALSE', current_user);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
  `);
}
