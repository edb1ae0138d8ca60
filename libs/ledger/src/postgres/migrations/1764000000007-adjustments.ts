import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';
import { makeRole } from './make-role.js';
import { refuseChanges } from './refuse-changes.js';

/** Corrections by finance: proposed by one identity, approved by another. And debts, which are never assets. */
export class Adjustments1764000000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A new database has it from the migration that makes the others.
    await makeRole(queryRunner, ROLES.adjuster);
    await makeTables(queryRunner);
    await guardDecisions(queryRunner);
    await guardEntries(queryRunner);
    await guardDebts(queryRunner);
    await giveRights(queryRunner);
    await showAuditors(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: it is never migrated down');
  }
}

async function makeTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- One row for each shard that it is proposed for: a budget may be spread over several.
    CREATE TABLE adjustment_proposal (
      shard       smallint    NOT NULL,
      proposal_id text        NOT NULL,
      -- Shards that it is proposed for in all.
      spread_over smallint    NOT NULL CHECK (spread_over > 0),
      adjustment  jsonb       NOT NULL,
      reason      text        NOT NULL CHECK (reason <> ''),
      proposed_by text        NOT NULL CHECK (proposed_by ~ '${IDENTITY}'),
      proposed_at timestamptz NOT NULL,
      PRIMARY KEY (shard, proposal_id)
    );
    CREATE INDEX adjustment_proposal_of_time ON adjustment_proposal (shard, proposed_at);

    CREATE TABLE adjustment_decision (
      shard       smallint    NOT NULL,
      proposal_id text        NOT NULL,
      decision    text        NOT NULL CHECK (decision IN ('approved', 'rejected')),
      decided_by  text        NOT NULL CHECK (decided_by ~ '${IDENTITY}'),
      decided_at  timestamptz NOT NULL,
      reason      text,
      -- The entry that it became; none where it was rejected, or where there was nothing to move.
      journal     text,
      sequence    bigint,
      PRIMARY KEY (shard, proposal_id),
      UNIQUE (shard, journal, sequence),
      CHECK (decision = 'approved' OR sequence IS NULL),
      CHECK ((journal IS NULL) = (sequence IS NULL))
    );
  `);
  for (const table of TABLES) await refuseChanges(queryRunner, table);
}

/** Nobody approves what the same identity proposed, whoever writes it down; to take a proposal back is no approval. */
async function guardDecisions(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE FUNCTION refuse_wrong_decision() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE proposer text := (SELECT proposed_by FROM adjustment_proposal
      WHERE shard = NEW.shard AND proposal_id = NEW.proposal_id);
    BEGIN
      IF proposer IS NULL THEN
        RAISE EXCEPTION 'there is no proposal %', NEW.proposal_id USING ERRCODE = 'foreign_key_violation';
      ELSIF NEW.decision = 'approved' AND NEW.decided_by = proposer THEN
        RAISE EXCEPTION '% cannot approve what % proposed', NEW.decided_by, proposer USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER of_another BEFORE INSERT ON adjustment_decision
      FOR EACH ROW EXECUTE FUNCTION refuse_wrong_decision();
    ALTER TABLE adjustment_decision ENABLE ALWAYS TRIGGER of_another;
  `);
}

/** Whoever writes it: an adjustment names two identities, and is what the one proposed and the other approved. */
async function guardEntries(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    ALTER TABLE entry ADD CONSTRAINT adjusted_by_two CHECK (kind NOT IN ('adjustment', 'payout') OR (
      cause ->> 'type' = 'adjusted'
      AND cause ->> 'reason' <> ''
      AND cause ->> 'proposedBy' ~ '${IDENTITY}'
      AND cause ->> 'approvedBy' ~ '${IDENTITY}'
      AND cause ->> 'proposedBy' <> cause ->> 'approvedBy') IS TRUE);

    -- Its owner's, so that it sees the tables whoever writes the entry.
    CREATE FUNCTION refuse_unapproved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM FROM adjustment_decision AS decided JOIN adjustment_proposal AS proposed USING (shard, proposal_id)
        WHERE shard = NEW.shard AND proposal_id = NEW.cause ->> 'proposalId'
          AND journal = NEW.journal AND sequence = NEW.sequence AND decision = 'approved'
          AND decided_by = NEW.cause ->> 'approvedBy' AND proposed.proposed_by = NEW.cause ->> 'proposedBy';
      IF NOT FOUND THEN
        RAISE EXCEPTION 'entry %-%-% is an adjustment that nobody has approved', NEW.journal, NEW.shard, NEW.sequence
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN NULL;
    END $$;
    -- At the commit: the approval names the entry, and so comes after it.
    CREATE CONSTRAINT TRIGGER approved AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.kind IN ('adjustment', 'payout')) EXECUTE FUNCTION refuse_unapproved();
    ALTER TABLE entry ENABLE ALWAYS TRIGGER approved;
  `);
}

/** No merchant has less than nothing to spend, and none owes less than nothing: `owed` is zero or below. */
async function guardDebts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE OR REPLACE FUNCTION refuse_below_zero() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wrong record;
    BEGIN
      SELECT merchant_id, account, unit, sum(balance.amount) AS amount INTO wrong
        FROM changed JOIN merchant_balance AS balance USING (shard, merchant_id, account, unit)
        WHERE (account IN ('available', 'reserved', 'payable') AND changed.amount < 0) OR account = 'owed'
        GROUP BY shard, merchant_id, account, unit
        HAVING CASE account WHEN 'owed' THEN sum(balance.amount) > 0 ELSE sum(balance.amount) < 0 END LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION '% of merchant % would % to % %', wrong.account, wrong.merchant_id,
          CASE wrong.account WHEN 'owed' THEN 'rise' ELSE 'fall' END, wrong.amount, wrong.unit
          USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$;
  `);
}

async function giveRights(queryRunner: QueryRunner): Promise<void> {
  const { adjuster, api } = ROLES;
  await queryRunner.query(`
    GRANT USAGE ON SCHEMA public TO ${adjuster};
    GRANT SELECT ON installation, shard_head, journal_batch, entry, posting, lot, lot_use, merchant_balance,
      shard_balance, shard_balance_at, promotion_state TO ${adjuster};
    GRANT INSERT ON entry, posting, journal_batch, shard_balance_at, lot TO ${adjuster};
    GRANT INSERT, UPDATE ON shard_head, merchant_balance, shard_balance, lot_use, promotion_state TO ${adjuster};
    GRANT SELECT, INSERT ON ${TABLES.join(', ')} TO ${adjuster};
    GRANT SELECT ON ${TABLES.join(', ')} TO ${api};
    CREATE POLICY adjuster_appends ON entry FOR INSERT TO ${adjuster}
      WITH CHECK (kind IN ('adjustment', 'payout'));
  `);
  // Postings are those of these entries: the database takes no others.
  for (const table of TABLES_OF_A_JOURNAL)
    await queryRunner.query(
      `CREATE POLICY adjuster_appends ON ${table} FOR INSERT TO ${adjuster} WITH CHECK (true)`,
    );
  for (const table of BALANCES)
    await queryRunner.query(
      `CREATE POLICY adjuster_changes ON ${table} FOR UPDATE TO ${adjuster} USING (true)`,
    );
}

async function showAuditors(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE VIEW audit.adjustment AS
      SELECT shard, proposal_id, spread_over, adjustment, proposal.reason, proposal.proposed_by, proposed_at,
        decision, decided_by, decided_at, decided.reason AS decision_reason,
        CASE WHEN sequence IS NOT NULL THEN concat_ws('-', journal, shard, sequence) END AS entry_id
      FROM adjustment_proposal AS proposal LEFT JOIN adjustment_decision AS decided USING (shard, proposal_id);
    GRANT SELECT ON audit.adjustment TO ${ROLES.auditor};
  `);
}

const TABLES = ['adjustment_proposal', 'adjustment_decision'];
/** No two that look alike: no capitals, no spaces. */
const IDENTITY = '^[a-z0-9][a-z0-9._@+-]{0,99}$';
const BALANCES = ['shard_head', 'merchant_balance', 'shard_balance'];
const TABLES_OF_A_JOURNAL = [
  'journal_batch',
  'posting',
  'shard_balance_at',
  ...BALANCES,
];
