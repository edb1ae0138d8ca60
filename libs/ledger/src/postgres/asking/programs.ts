import type { Unit } from '@app/contracts';
import type { Queryable } from '../queryable.js';

/** A version of a program that was published: it is once its first budget is issued. */
export interface PublishedVersion {
  version: number;
  /** SHA-256 of its file as canonical JSON, in hex. */
  programHash: string;
  publishedAt: Date;
  /** What was issued with it. */
  budgets: { unit: Unit; amount: bigint }[];
}

/** What became of a program's budget in a unit, over all shards and versions. In minor units. */
export interface ProgramFunds {
  unit: Unit;
  /** What was issued with its versions, and added or cut by adjustments since. */
  budget: bigint;
  /** What left the pool for merchants. */
  granted: bigint;
  expired: bigint;
  clawedBack: bigint;
  /** Of the pool, in the shards and under way between them. */
  left: bigint;
}

export interface PublishedProgram {
  program: string;
  /** The earliest first. */
  versions: PublishedVersion[];
  /** By unit. */
  funds: ProgramFunds[];
}

/**
 * Published programs by name, as the ledger has them; in a transaction of one moment, they agree with each other.
 *
 * @param program this one alone; all, by default
 */
export async function readPublishedPrograms(
  db: Queryable,
  program: string | null = null,
): Promise<PublishedProgram[]> {
  const versions = await readVersions(db, program);
  const funds = await readFunds(db, program);
  const names = [...new Set(versions.map((row) => row.program))];
  return names.map((name) => ({
    program: name,
    versions: toVersions(versions.filter((row) => row.program === name)),
    funds: funds
      .filter((row) => row.program === name)
      .map(({ program: _name, ...told }) => told),
  }));
}

interface VersionRow {
  program: string;
  version: number;
  programHash: string;
  publishedAt: Date;
  unit: Unit;
  amount: bigint;
}

async function readVersions(
  db: Queryable,
  program: string | null,
): Promise<VersionRow[]> {
  const { rows } = await db.query<VersionRow>({
    name: 'read-published-versions',
    text: `
      SELECT program, program_version AS version, cause ->> 'programHash' AS "programHash",
        min(recorded_at) AS "publishedAt", unit, sum(amount) AS amount
      FROM entry JOIN posting USING (shard, journal, sequence)
      WHERE kind = 'budget' AND account LIKE 'pool:%' AND ($1::text IS NULL OR program = $1)
      GROUP BY 1, 2, 3, unit ORDER BY 1, 2, unit`,
    values: [program],
  });
  return rows;
}

function toVersions(rows: readonly VersionRow[]): PublishedVersion[] {
  return [...new Set(rows.map(({ version }) => version))].map((version) => {
    const ofVersion = rows.filter((row) => row.version === version);
    const times = ofVersion.map(({ publishedAt }) => publishedAt.getTime());
    return {
      version,
      programHash: ofVersion[0]!.programHash,
      publishedAt: new Date(Math.min(...times)),
      budgets: ofVersion.map(({ unit, amount }) => ({ unit, amount })),
    };
  });
}

async function readFunds(
  db: Queryable,
  program: string | null,
): Promise<(ProgramFunds & { program: string })[]> {
  const { rows } = await db.query<ProgramFunds & { program: string }>({
    name: 'read-program-funds',
    text: `
      WITH issued AS (
        SELECT program, unit, amount FROM entry JOIN posting USING (shard, journal, sequence)
        WHERE kind = 'budget' AND account LIKE 'pool:%'
        UNION ALL
        SELECT entry.cause ->> 'program', unit, -amount
        FROM adjustment_decision JOIN posting USING (shard, journal, sequence)
          JOIN entry USING (shard, journal, sequence)
        WHERE account = 'issuance'
      ), budget AS (
        SELECT program, unit, sum(amount) AS amount FROM issued GROUP BY program, unit
      ), balance AS (
        SELECT regexp_replace(account, '^[a-z_]+:|[.][0-9]+-[0-9]+$', '', 'g') AS program, unit,
          coalesce(sum(amount) FILTER (WHERE account LIKE 'pool:%' OR account LIKE 'leased:%'), 0) AS "left",
          coalesce(sum(amount) FILTER (WHERE account LIKE 'expired:%'), 0) AS expired,
          coalesce(sum(amount) FILTER (WHERE account LIKE 'clawed\\_back:%'), 0) AS clawed_back
        FROM shard_balance
        WHERE account LIKE 'pool:%' OR account LIKE 'leased:%' OR account LIKE 'expired:%'
          OR account LIKE 'clawed\\_back:%'
        GROUP BY 1, unit
      )
      SELECT program, unit, budget.amount AS budget, budget.amount - coalesce("left", 0) AS granted,
        coalesce(expired, 0) AS expired, coalesce(clawed_back, 0) AS "clawedBack", coalesce("left", 0) AS "left"
      FROM budget LEFT JOIN balance USING (program, unit)
      WHERE $1::text IS NULL OR program = $1 ORDER BY program, unit`,
    values: [program],
  });
  return rows;
}
