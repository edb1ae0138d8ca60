import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';

/** Budgets have a home, out of which they are leased to the other shards in slices. */
export class Leases1764000000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { adjuster } = ROLES;
    await queryRunner.query(`
      -- A version's budget is issued once in a unit. Those without one are from before, an even share in each shard.
      CREATE UNIQUE INDEX entry_of_issue ON entry (shard, program, program_version, (cause ->> 'unit'))
        WHERE kind = 'budget' AND cause ->> 'unit' IS NOT NULL;
      -- A granter from before would divide a budget that was issued already.
      ALTER POLICY granter_appends ON entry
        WITH CHECK (journal = 'grants' AND (kind <> 'budget' OR cause ->> 'unit' IS NOT NULL));
      -- What an adjustment gives is leased first, where the merchant's shard has too little.
      CREATE POLICY adjuster_leases ON entry FOR INSERT TO ${adjuster} WITH CHECK (kind = 'lease');

      ALTER TABLE entry ADD CONSTRAINT leased_with_cause CHECK (kind <> 'lease' OR (
        journal = 'grants' AND merchant_id IS NULL AND cause ->> 'type' = 'pool_leased'
        AND shard::text = CASE
          WHEN cause ->> 'step' IN ('lend', 'return') THEN cause ->> 'fromShard'
          WHEN cause ->> 'step' IN ('borrow', 'reclaim') THEN cause ->> 'toShard' END) IS TRUE);

      -- Named leased:<program>.<from>-<to>: it grows in the one shard and falls in the other. This is asked of what an
      -- INSERT ... ON CONFLICT adds as well, so that neither ever goes back.
      ALTER TABLE shard_balance ADD CONSTRAINT leased_one_way CHECK (NOT starts_with(account, 'leased:')
        OR CASE
          WHEN account ~ ('\\.' || shard || '-[0-9]+$') THEN amount >= 0
          WHEN account ~ ('\\.[0-9]+-' || shard || '$') THEN amount <= 0
          ELSE false END);
    `);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: it is never migrated down');
  }
}
