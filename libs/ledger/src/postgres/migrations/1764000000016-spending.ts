import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** What spending has learnt from all merchants of a shard together; the promoter's alone. */
export class Spending1764000000016 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE promotion_learnt (
        shard smallint PRIMARY KEY,
        -- json and not jsonb: it is read whole, and its numbers stay as they were written.
        memory json NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON promotion_learnt TO ${ROLES.promoter};
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE promotion_learnt');
  }
}
