import {
  inTransaction,
  type Pool,
  type PoolClient,
  type Queryable,
} from '@app/ledger/postgres';
import {
  FIRST_PROGRAM_CHANGE,
  PROGRAM_CHANGES,
  type ProgramChange,
} from '../published/program-changes.js';
import type { KnownHash, VersionChange } from '../published/publication.js';

/** Whoever finds that another was faster decides anew: so often, and then gives up. */
const ATTEMPTS_MAX = 20;
const UNIQUE_VIOLATION = '23505';

/** A change to record. */
export type NewProgramChange =
  VersionChange | { change: 'paused' | 'resumed'; program: string };

/** Who makes changes, and why. */
export interface ChangeMaker {
  madeBy: string;
  reason: string | null;
  /** The change of the api that asks for it; null for what comes out of the granter's directory. */
  changeId: string | null;
}

/** Changes of programs in their order. @param from the first to read */
export async function readProgramChanges(
  db: Queryable,
  from: bigint,
): Promise<ProgramChange[]> {
  const { rows } = await db.query<ProgramChange>({
    name: 'read-program-changes',
    text: `
      SELECT sequence, change, program, version::float8 AS version, program_hash AS "programHash", text,
        made_by AS "madeBy", reason, change_id AS "changeId", recorded_at AS "recordedAt"
      FROM program_change LEFT JOIN program_version USING (program, version, program_hash)
      WHERE sequence >= $1 ORDER BY sequence`,
    values: [from],
  });
  return rows;
}

/** Of each shard, the next change that its granter takes: see {@link PROGRAM_CHANGES}. */
export async function readProgramPositions(
  db: Queryable,
  shards: readonly number[],
): Promise<bigint[]> {
  const { rows } = await db.query<{ position: bigint }>({
    name: 'read-program-positions',
    text: `
      SELECT coalesce((consumed ->> '${PROGRAM_CHANGES}')::bigint, $2::bigint) AS position
      FROM unnest($1::smallint[]) AS every (shard) LEFT JOIN shard_head ON shard_head.shard = every.shard
        AND journal = 'grants'`,
    values: [shards, FIRST_PROGRAM_CHANGE],
  });
  return rows.map(({ position }) => position);
}

/** With which hashes versions are in the ledger: of one program, or of all. */
export async function readIssuedHashes(
  db: Queryable,
  program: string | null,
): Promise<KnownHash[]> {
  const { rows } = await db.query<KnownHash>({
    name: 'read-issued-hashes',
    text: `
      SELECT DISTINCT program, program_version::float8 AS version, cause ->> 'programHash' AS "programHash" FROM entry
      WHERE kind = 'budget' AND ($1::text IS NULL OR program = $1)`,
    values: [program],
  });
  return rows;
}

/**
 * Records what a decision on all changes so far comes to, in one transaction: none of it is there, or all. Where another
 * has recorded something meanwhile, it is decided anew.
 *
 * @param decide pure; may be called again
 * @returns all changes, with those that were recorded
 */
export async function recordProgramChanges(
  pool: Pool,
  by: ChangeMaker,
  decide: (
    changes: readonly ProgramChange[],
    known: readonly KnownHash[],
  ) => readonly NewProgramChange[],
): Promise<ProgramChange[]> {
  for (let attempt = 1; ; attempt += 1) {
    const [changes, known] = await Promise.all([
      readProgramChanges(pool, FIRST_PROGRAM_CHANGE),
      readIssuedHashes(pool, null),
    ]);
    const drafts = decide(changes, known);
    if (drafts.length === 0) return changes;
    const last = changes.at(-1)?.sequence ?? FIRST_PROGRAM_CHANGE - 1n;
    const first = last + 1n;
    try {
      await inTransaction(pool, async (client) => {
        for (const [i, draft] of drafts.entries())
          await insertChange(client, first + BigInt(i), draft, by);
      });
      return await readProgramChanges(pool, FIRST_PROGRAM_CHANGE);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== UNIQUE_VIOLATION || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function insertChange(
  client: PoolClient,
  sequence: bigint,
  draft: NewProgramChange,
  { madeBy, reason, changeId }: ChangeMaker,
): Promise<void> {
  const { change, program } = draft;
  const { version, programHash, text } = {
    version: null,
    programHash: null,
    text: null,
    ...draft,
  };
  if (change === 'published')
    await client.query(
      `INSERT INTO program_version (program, version, program_hash, text) VALUES ($1, $2, $3, $4)
       ON CONFLICT (program, version) DO NOTHING`,
      [program, version, programHash, text],
    );
  // Its time is the database's.
  await client.query(
    `INSERT INTO program_change (sequence, change, program, version, program_hash, made_by, reason, change_id, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
    [sequence, change, program, version, programHash, madeBy, reason, changeId],
  );
}
