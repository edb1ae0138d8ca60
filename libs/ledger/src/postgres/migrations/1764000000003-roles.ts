import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';
import { makeRole } from './make-role.js';

const TABLES_OF_THE_RECORD = [
  'installation',
  'shard_head',
  'entry',
  'posting',
  'lot',
  'lot_use',
  'merchant_balance',
  'shard_balance',
].join(', ');

/** The roles under which the services work, and the views that auditors read. No role may change the record. */
export class Roles1764000000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { granter, promoter, api, auditor } = ROLES;
    for (const role of Object.values(ROLES)) await makeRole(queryRunner, role);
    await queryRunner.query(`
      -- Partitions are made by their owner, whoever needs them.
      ALTER FUNCTION ensure_quarter SECURITY DEFINER;
      ALTER FUNCTION ensure_quarter SET search_path = public, pg_temp;
      REVOKE ALL ON FUNCTION ensure_quarter FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION ensure_quarter TO ${granter}, ${promoter};

      GRANT USAGE ON SCHEMA public TO ${granter}, ${promoter}, ${api};
      GRANT SELECT ON ${TABLES_OF_THE_RECORD} TO ${granter}, ${promoter}, ${api};
      GRANT INSERT ON entry, posting, journal_batch TO ${granter}, ${promoter};
      GRANT INSERT, UPDATE ON shard_head, merchant_balance, shard_balance TO ${granter}, ${promoter};

      GRANT INSERT ON lot TO ${granter};
      GRANT SELECT, INSERT ON activity TO ${granter};
      GRANT SELECT, INSERT, UPDATE ON progress TO ${granter};

      GRANT INSERT, UPDATE ON lot_use TO ${promoter};
      GRANT SELECT, INSERT ON promotion_input TO ${promoter};
      GRANT SELECT, INSERT, UPDATE ON promotion_state, publication TO ${promoter};

      GRANT SELECT ON promotion_state TO ${api};
    `);
    await queryRunner.query(`
      CREATE SCHEMA audit;

      CREATE VIEW audit.entry AS
        SELECT concat_ws('-', journal, shard, sequence) AS entry_id, journal, shard, sequence, kind, merchant_id,
          occurred_at, recorded_at, cause, encode(hash, 'hex') AS hash
        FROM entry;

      CREATE VIEW audit.posting AS
        SELECT concat_ws('-', journal, shard, sequence) AS entry_id, journal, shard, sequence, line,
          account, unit, amount, lot_id
        FROM posting;

      CREATE VIEW audit.lot AS
        SELECT shard, lot_id, merchant_id, program, unit, granted, expires_at,
          coalesce(reserved, 0) AS reserved, coalesce(spent, 0) AS spent, coalesce(expired, 0) AS expired,
          coalesce(clawed_back, 0) AS clawed_back,
          granted - coalesce(reserved + spent + expired + clawed_back, 0) AS available
        FROM lot LEFT JOIN lot_use USING (shard, lot_id, granted);

      CREATE VIEW audit.merchant_balance AS
        SELECT shard, merchant_id, account, unit, sum(amount) AS balance
        FROM merchant_balance GROUP BY shard, merchant_id, account, unit;

      CREATE VIEW audit.trial_balance AS
        SELECT account, unit, sum(amount) AS balance FROM shard_balance GROUP BY account, unit;

      CREATE VIEW audit.shard_head AS
        SELECT journal, shard, sequence, encode(hash, 'hex') AS hash, consumed FROM shard_head;

      CREATE VIEW audit.batch AS
        SELECT journal, shard, revision, sequence, consumed, ticked_at, recorded_at FROM journal_batch;

      GRANT USAGE ON SCHEMA audit TO ${auditor};
      GRANT SELECT ON ALL TABLES IN SCHEMA audit TO ${auditor};
    `);
  }

  async down(): Promise<void> {
    throw new Error('the rights on the ledger are never migrated down');
  }
}
