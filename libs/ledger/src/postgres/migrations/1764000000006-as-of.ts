import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** What is missing to ask the ledger as of a moment through the auditors' views alone, and to ask it quickly. */
export class AsOf1764000000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A position is a cut through every journal: the last range that begins by then.
      CREATE INDEX sealed_range_of_position ON sealed_range (shard, journal, first_position)
        INCLUDE (first_sequence, last_sequence);

      CREATE VIEW audit.installation AS SELECT shard_count, created_at FROM installation;

      -- Classes of account by journal and shard: those that audit.shard_balance_at has something of.
      CREATE VIEW audit.shard_balance AS SELECT shard, journal, account, unit, amount FROM shard_balance;

      GRANT SELECT ON ALL TABLES IN SCHEMA audit TO ${ROLES.auditor}, ${ROLES.api};
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP VIEW audit.installation, audit.shard_balance;
      DROP INDEX sealed_range_of_position;
    `);
  }
}
