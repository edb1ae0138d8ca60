import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** No writer may do what it has no need for: an adjustment consumes nothing, and promotion draws on no budget. */
export class WritersNeeds1764000000024 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await keepConsumed(queryRunner);
    await keepBudgets(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('the rights on the ledger are never migrated down');
  }
}

/** What a journal has consumed is for its own writer to say: an event that is passed over is never heard of. */
async function keepConsumed(queryRunner: QueryRunner): Promise<void> {
  const { adjuster } = ROLES;
  await queryRunner.query(`
    CREATE FUNCTION refuse_consuming() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION 'an adjustment consumes nothing, but the head of %-% would go from % to %',
        NEW.journal, NEW.shard, OLD.consumed, NEW.consumed USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER consumes_nothing BEFORE UPDATE ON shard_head
      FOR EACH ROW WHEN (current_user = '${adjuster}' AND NEW.consumed <> OLD.consumed)
      EXECUTE FUNCTION refuse_consuming();
    ALTER TABLE shard_head ENABLE ALWAYS TRIGGER consumes_nothing;
    ALTER POLICY adjuster_appends ON shard_head WITH CHECK (consumed = '{}');
  `);
}

/** What a merchant was granted is spent, expires or is taken back; only the granter's journal gives it. */
async function keepBudgets(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    ALTER POLICY promoter_appends ON posting WITH CHECK (journal = 'promotions' AND (
      starts_with(account, 'merchant:') OR starts_with(account, 'spent:')
      OR starts_with(account, 'expired:') OR starts_with(account, 'clawed_back:')));
  `);
}
