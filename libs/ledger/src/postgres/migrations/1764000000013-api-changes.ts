import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';
import { refuseChanges } from './refuse-changes.js';

/** Who asked the api to change something, when and from where, and what came of it. */
export class ApiChanges1764000000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { api, auditor } = ROLES;
    await queryRunner.query(`
      CREATE TABLE api_change (
        -- That of the caller, as merchants have theirs: all changes of one caller are in one.
        shard smallint NOT NULL,
        change_id uuid NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
        issuer text NOT NULL,
        subject text NOT NULL,
        roles text[] NOT NULL,
        token_id text,
        address inet,
        operation text NOT NULL,
        merchant_id text,
        request jsonb NOT NULL,
        -- SHA-256 of the canonical JSON of operation, merchant and request.
        request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
        idempotency_key text NOT NULL,
        PRIMARY KEY (shard, change_id),
        UNIQUE (shard, issuer, subject, idempotency_key)
      );
      CREATE INDEX api_change_in_order ON api_change (recorded_at, shard, change_id);
      CREATE INDEX api_change_of_merchant ON api_change (merchant_id, recorded_at, shard, change_id);

      CREATE TABLE api_answer (
        shard smallint NOT NULL,
        change_id uuid NOT NULL,
        answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- Whether it is answered again to whoever asks again; a failure is not, and is tried again.
        is_final boolean NOT NULL,
        status smallint NOT NULL,
        -- JSON, as it was sent.
        body text NOT NULL,
        PRIMARY KEY (shard, change_id, answered_at)
      );
      CREATE UNIQUE INDEX api_answer_final ON api_answer (shard, change_id) WHERE is_final;
    `);
    for (const table of ['api_change', 'api_answer'])
      await refuseChanges(queryRunner, table);
    await queryRunner.query(`
      GRANT SELECT, INSERT ON api_change, api_answer TO ${api};
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
    throw new Error('the record of changes is never migrated down');
  }
}
