import type { Pool } from 'pg';
import type { Unit } from '@app/contracts';

/** What a program has granted since the database was made. */
export interface ProgramCounts {
  program: string;
  /** To merchants, by whatever decided them. */
  grants: bigint;
  /** Of the grants, those that the clock decided. */
  settled: bigint;
  /** Its units, those without a grant too. */
  units: ReadonlyMap<Unit, UnitCounts>;
}

export interface UnitCounts {
  /** Minor units. */
  granted: bigint;
  /** What is left of the pool, over all shards and between them. */
  left: bigint;
}

/** Entries of a shard that are counted in one reading: of a large ledger the counts come up to date over several. */
const ENTRIES_A_READING = 5_000n;

interface Granted {
  grants: bigint;
  settled: bigint;
  amount: bigint;
}

/** Counts grants as the journals grow: each entry is looked at once. */
export class ProgramGrants {
  /** By shard, the sequence up to which entries are counted. */
  readonly #counted = new Map<number, bigint>();
  /** By program. */
  readonly #granted = new Map<string, Map<Unit, Granted>>();

  constructor(private readonly pool: Pool) {}

  /**
   * Where all programs are now, by their names.
   *
   * @param heads the last sequence of each shard's journal of grants
   */
  async read(heads: ReadonlyMap<number, bigint>): Promise<ProgramCounts[]> {
    await this.#countUpTo(heads);
    const { rows } = await this.pool.query<{
      program: string;
      unit: Unit;
      amount: string;
    }>(`
      SELECT regexp_replace(account, '^pool:|^leased:|[.][0-9]+-[0-9]+$', '', 'g') AS program, unit,
        sum(amount)::text AS amount
      FROM shard_balance WHERE journal = 'grants' AND (account LIKE 'pool:%' OR account LIKE 'leased:%')
      GROUP BY 1, unit ORDER BY 1, unit`);
    const programs = new Map<string, Map<Unit, UnitCounts>>();
    for (const { program, unit, amount } of rows) {
      const granted = this.#granted.get(program)?.get(unit)?.amount ?? 0n;
      entryOf(programs, program).set(unit, { granted, left: BigInt(amount) });
    }
    return Array.from(programs, ([program, units]) => {
      const granted = [...(this.#granted.get(program)?.values() ?? [])];
      return {
        program,
        grants: granted.reduce((sum, { grants }) => sum + grants, 0n),
        settled: granted.reduce((sum, { settled }) => sum + settled, 0n),
        units,
      };
    });
  }

  async #countUpTo(heads: ReadonlyMap<number, bigint>): Promise<void> {
    const ranges = Array.from(heads, ([shard, last]) => {
      const first = this.#counted.get(shard) ?? 0n;
      const most = first + ENTRIES_A_READING;
      return { shard, first, last: last < most ? last : most };
    }).filter(({ first, last }) => last > first);
    if (ranges.length === 0) return;
    const { rows } = await this.pool.query<{
      program: string;
      unit: Unit;
      grants: string;
      settled: string;
      amount: string;
    }>(
      `
      SELECT program, unit, count(*) FILTER (WHERE line = 0)::text AS grants,
        count(*) FILTER (WHERE line = 0 AND cause ->> 'settledAt' IS NOT NULL)::text AS settled,
        sum(-amount)::text AS amount
      FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS range (shard, first, last), LATERAL (
          SELECT program, cause, line, unit, amount FROM entry JOIN posting USING (shard, journal, sequence)
          WHERE entry.shard = range.shard AND entry.journal = 'grants'
            AND entry.sequence > range.first AND entry.sequence <= range.last
            AND posting.shard = range.shard AND posting.journal = 'grants'
            AND posting.sequence > range.first AND posting.sequence <= range.last
            -- What came out of a pool to a merchant.
            AND merchant_id IS NOT NULL AND account LIKE 'pool:%' AND amount < 0) AS granted
      GROUP BY program, unit`,
      [
        ranges.map(({ shard }) => shard),
        ranges.map(({ first }) => first),
        ranges.map(({ last }) => last),
      ],
    );
    for (const { program, unit, grants, settled, amount } of rows) {
      const units = entryOf(this.#granted, program);
      const known = units.get(unit);
      units.set(unit, {
        grants: (known?.grants ?? 0n) + BigInt(grants),
        settled: (known?.settled ?? 0n) + BigInt(settled),
        amount: (known?.amount ?? 0n) + BigInt(amount),
      });
    }
    for (const { shard, last } of ranges) this.#counted.set(shard, last);
  }
}

function entryOf<Key, InnerKey, Value>(
  maps: Map<Key, Map<InnerKey, Value>>,
  key: Key,
): Map<InnerKey, Value> {
  let map = maps.get(key);
  if (!map) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}
