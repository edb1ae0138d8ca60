import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** Whoever reads the record may forecast by what spending has learnt. */
export class Forecast1764000000018 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`GRANT SELECT ON promotion_learnt TO ${ROLES.api}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `REVOKE SELECT ON promotion_learnt FROM ${ROLES.api}`,
    );
  }
}
