import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '../roles.js';
import { makeRole } from './make-role.js';
import { refuseChanges } from './refuse-changes.js';

const TABLES = [
  'sealed_block',
  'sealed_range',
  'sealed_balances',
  'checkpoint',
];

/** The order that the sealer gives to entries, and what it has signed: append-only like the entries themselves. */
export class Seal1764000000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A new database has it from the migration that makes the others.
    await makeRole(queryRunner, ROLES.sealer);
    await makeTables(queryRunner);
    await guardOrder(queryRunner);
    await findBalances(queryRunner);
    await giveRights(queryRunner);
    await showAuditors(queryRunner);
  }

  async down(): Promise<void> {
    throw new Error('what is sealed is never migrated down');
  }
}

async function makeTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- A block is a run of positions of the log: entries, and behind them a leaf that says what they are.
    CREATE TABLE sealed_block (
      block          bigint      PRIMARY KEY CHECK (block >= 0),
      first_position bigint      NOT NULL CHECK (first_position >= 0),
      -- Of the block's own leaf, its last one.
      position       bigint      NOT NULL UNIQUE CHECK (position > first_position),
      sealed_at      timestamptz NOT NULL,
      balance_root   bytea       NOT NULL CHECK (octet_length(balance_root) = 32),
      leaf           bytea       NOT NULL CHECK (octet_length(leaf) <= 65535)
    );

    -- What a block has of one journal of one shard: entries that follow each other, at positions that do.
    CREATE TABLE sealed_range (
      shard          smallint NOT NULL,
      journal        text     NOT NULL CHECK (journal IN ('grants', 'promotions')),
      first_sequence bigint   NOT NULL CHECK (first_sequence > 0),
      last_sequence  bigint   NOT NULL CHECK (last_sequence >= first_sequence),
      -- Of the last entry.
      last_hash      bytea    NOT NULL CHECK (octet_length(last_hash) = 32),
      first_position bigint   NOT NULL,
      block          bigint   NOT NULL,
      -- An entry's range is the first that does not end before it.
      PRIMARY KEY (shard, journal, last_sequence)
    );
    CREATE INDEX sealed_range_of_block ON sealed_range (block, first_position);

    -- The root over the balances of a shard, after each block that moved it.
    CREATE TABLE sealed_balances (
      shard smallint NOT NULL,
      block bigint   NOT NULL,
      root  bytea    NOT NULL CHECK (octet_length(root) = 32),
      PRIMARY KEY (shard, block)
    );

    CREATE TABLE checkpoint (
      -- The number of positions that it covers.
      size         bigint      PRIMARY KEY CHECK (size > 0),
      root         bytea       NOT NULL CHECK (octet_length(root) = 32),
      note         text        NOT NULL,
      published_at timestamptz NOT NULL
    );
  `);
  for (const table of TABLES) await refuseChanges(queryRunner, table);
}

/** Whoever seals: no gap, no overlap, nothing twice. Of two sealers that begin the same block, one is refused. */
async function guardOrder(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE FUNCTION refuse_wrong_block() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last record;
    BEGIN
      SELECT block, position INTO last FROM sealed_block ORDER BY block DESC LIMIT 1;
      IF NEW.block <> coalesce(last.block + 1, 0) OR NEW.first_position <> coalesce(last.position + 1, 0) THEN
        RAISE EXCEPTION 'block % at % does not follow block %, which ends at %',
          NEW.block, NEW.first_position, last.block, last.position USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER in_order BEFORE INSERT ON sealed_block FOR EACH ROW EXECUTE FUNCTION refuse_wrong_block();
    ALTER TABLE sealed_block ENABLE ALWAYS TRIGGER in_order;

    CREATE FUNCTION refuse_wrong_range() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      last bigint := (SELECT last_sequence FROM sealed_range AS range
        WHERE range.shard = NEW.shard AND range.journal = NEW.journal ORDER BY last_sequence DESC LIMIT 1);
    BEGIN
      IF NEW.first_sequence <> coalesce(last, 0) + 1 THEN
        RAISE EXCEPTION 'a range from %-%-% on does not follow what is sealed, which ends at %',
          NEW.journal, NEW.shard, NEW.first_sequence, last USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER in_order BEFORE INSERT ON sealed_range FOR EACH ROW EXECUTE FUNCTION refuse_wrong_range();
    ALTER TABLE sealed_range ENABLE ALWAYS TRIGGER in_order;
  `);
}

/** Merchants by the leaf of the balance tree that they are in. */
async function findBalances(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    -- Spreads merchants evenly, and anybody can compute it: no secret depends on it.
    CREATE FUNCTION balance_bucket(merchant_id text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN ('x' || substr(md5(merchant_id), 1, 8))::bit(32)::bigint % 4095;
    -- An index and no column: updates of an amount need not compute it.
    CREATE INDEX merchant_balance_of_bucket ON merchant_balance (shard, balance_bucket(merchant_id));
  `);
}

async function giveRights(queryRunner: QueryRunner): Promise<void> {
  const { sealer, api } = ROLES;
  await queryRunner.query(`
    GRANT USAGE ON SCHEMA public TO ${sealer};
    GRANT SELECT ON installation, shard_head, entry, posting, merchant_balance, shard_balance, shard_balance_at
      TO ${sealer};
    GRANT SELECT, INSERT ON ${TABLES.join(', ')} TO ${sealer};
    GRANT SELECT ON ${TABLES.join(', ')} TO ${api};
  `);
}

async function showAuditors(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE VIEW audit.sealed_block AS
      SELECT block, first_position, position, sealed_at, encode(balance_root, 'hex') AS balance_root,
        encode(leaf, 'hex') AS leaf
      FROM sealed_block;

    CREATE VIEW audit.sealed_range AS
      SELECT block, journal, shard, first_sequence, last_sequence, encode(last_hash, 'hex') AS last_hash,
        first_position, first_position + last_sequence - first_sequence AS last_position
      FROM sealed_range;

    CREATE VIEW audit.sealed_balances AS
      SELECT shard, block, encode(root, 'hex') AS root FROM sealed_balances;

    CREATE VIEW audit.checkpoint AS
      SELECT size, encode(root, 'hex') AS root, note, published_at FROM checkpoint;

    -- Where each entry is in the log; an entry that is not sealed yet has no row.
    CREATE VIEW audit.entry_position AS
      SELECT concat_ws('-', journal, shard, sequence) AS entry_id, journal, shard, sequence,
        range.first_position + sequence - range.first_sequence AS position, range.block
      FROM entry, LATERAL (
        SELECT first_sequence, first_position, block FROM sealed_range
        WHERE sealed_range.shard = entry.shard AND sealed_range.journal = entry.journal
          AND last_sequence >= entry.sequence
        ORDER BY last_sequence LIMIT 1) AS range
      WHERE range.first_sequence <= sequence;

    GRANT SELECT ON ALL TABLES IN SCHEMA audit TO ${ROLES.auditor};
  `);
}
