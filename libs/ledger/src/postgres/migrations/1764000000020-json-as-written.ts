import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/**
 * Keeps JSON as it was written where nobody looks into it: jsonb refuses characters that JSON may have, such as U+0000,
 * puts names in another order, and costs more both ways.
 */
export class JsonAsWritten1764000000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { api, auditor } = ROLES;
    await queryRunner.query(`
      ALTER TABLE promotion_state ALTER COLUMN state TYPE json USING state::json;

      DROP VIEW audit.api_change;
      ALTER TABLE api_change ALTER COLUMN request TYPE json USING request::json;
      CREATE VIEW audit.api_change AS
        SELECT shard, change_id, recorded_at, issuer, subject, roles, token_id, address, operation, merchant_id,
          request, idempotency_key, answered_at, status, body AS answer
        FROM api_change LEFT JOIN LATERAL (
          SELECT answered_at, status, body FROM api_answer
          WHERE api_answer.shard = api_change.shard AND api_answer.change_id = api_change.change_id
          ORDER BY is_final DESC, answered_at DESC LIMIT 1) AS last ON true;
      GRANT SELECT ON audit.api_change TO ${auditor}, ${api};
    `);
  }

  async down(): Promise<void> {
    throw new Error(
      'the record of changes is never migrated down: jsonb does not hold all that it may have',
    );
  }
}
