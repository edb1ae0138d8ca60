import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** The api runs drafts of programs over recorded activity, in the order in which it came. */
export class DryRuns1764000000015 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `GRANT SELECT (kafka_offset) ON activity TO ${ROLES.api}`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `REVOKE SELECT (kafka_offset) ON activity FROM ${ROLES.api}`,
    );
  }
}
