import type { QueryRunner } from 'typeorm';

/** Makes a table append-only, whoever asks, and also where a session has its triggers turned off. */
export async function refuseChanges(
  queryRunner: QueryRunner,
  table: string,
): Promise<void> {
  await queryRunner.query(`
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only;
  `);
}
