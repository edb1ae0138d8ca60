import type { Unit } from '@app/contracts';
import type { Pool, Queryable } from '@app/ledger/postgres';
import { issueKey, issuesOf, type HomeOf, type Issue } from '@app/programs';
import type { ProgramSource } from '../followed-programs.js';

/** A program version that a budget was issued for, in all of its units or one, and the hash it had then. */
export interface FundedVersion {
  shard: number;
  program: string;
  version: number;
  programHash: string;
  /** Left out by budgets from before they had a home: an even share of each unit, in every shard. */
  unit?: Unit;
}

/** The budgets that shards were given: one for each version and unit in its home, and even shares of old. */
export async function readFunded(
  db: Queryable,
  shards: readonly number[],
): Promise<FundedVersion[]> {
  const { rows } = await db.query<{
    shard: number;
    cause: Omit<FundedVersion, 'shard'>;
  }>({
    name: 'read-funded',
    text: `SELECT shard, cause FROM entry WHERE shard = ANY ($1::smallint[]) AND kind = 'budget'`,
    values: [shards],
  });
  return rows.map(({ shard, cause }) => ({ shard, ...cause }));
}

/** Knows which budgets of the programs are still to be issued. */
export class Issues {
  /** By {@link issueKey}: for good. */
  readonly #issued = new Set<string>();
  #evenShares: Promise<ReadonlyMap<string, bigint>> | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly programs: Pick<ProgramSource, 'latest'>,
    private readonly homeOf: HomeOf,
  ) {}

  /** The homes of budgets of which it is not known yet that they were issued. */
  homes(): Set<number> {
    return new Set(
      this.#open().map(({ program, unit }) =>
        this.homeOf(program.program, unit),
      ),
    );
  }

  /** What is still to be issued in a shard: exact where its head does not move meanwhile. */
  async missingIn(shard: number): Promise<Issue[]> {
    const open = this.#open().filter(
      ({ program, unit }) => this.homeOf(program.program, unit) === shard,
    );
    if (open.length === 0) return [];
    const [funded, evenShares] = await Promise.all([
      readFunded(this.pool, [shard]),
      this.#readEvenShares(),
    ]);
    const issued = new Set(
      funded.flatMap(({ program, version, unit }) =>
        unit ? issueKey(program, version, unit) : [],
      ),
    );
    return open.flatMap((issue) => {
      const key = keyOf(issue);
      const amount = issue.amount - (evenShares.get(key) ?? 0n);
      if (!issued.has(key) && amount > 0n) return { ...issue, amount };
      this.#issued.add(key);
      return [];
    });
  }

  #open(): Issue[] {
    return this.programs.latest.programs
      .flatMap(issuesOf)
      .filter((issue) => !this.#issued.has(keyOf(issue)));
  }

  /** What was divided evenly before budgets had a home: nobody may any more, so it is read once. */
  #readEvenShares(): Promise<ReadonlyMap<string, bigint>> {
    this.#evenShares ??= readEvenShares(this.pool).catch((error: unknown) => {
      this.#evenShares = null;
      throw error;
    });
    return this.#evenShares;
  }
}

function keyOf({ program: { program, version }, unit }: Issue): string {
  return issueKey(program, version, unit);
}

async function readEvenShares(
  db: Queryable,
): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await db.query<{
    program: string;
    version: number;
    unit: Unit;
    amount: bigint;
  }>(`
    SELECT program, program_version AS version, unit, sum(amount) AS amount
    FROM entry JOIN posting USING (shard, journal, sequence)
    WHERE kind = 'budget' AND cause ->> 'unit' IS NULL AND account LIKE 'pool:%'
    GROUP BY program, program_version, unit`);
  return new Map(
    rows.map(({ program, version, unit, amount }) => [
      issueKey(program, version, unit),
      amount,
    ]),
  );
}
