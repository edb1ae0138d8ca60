import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An idle sealer seals blocks that have no entries: they say until when nothing was recorded. */
export class BlocksOfNothing1764000000023 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE sealed_block
        DROP CONSTRAINT sealed_block_check,
        ADD CONSTRAINT sealed_block_check CHECK (position >= first_position);
    `);
  }

  async down(): Promise<void> {
    throw new Error('what is sealed is never migrated down');
  }
}
