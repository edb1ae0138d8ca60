import type { ActivityEvent, Unit } from '@app/contracts';
import {
  withAccountNames,
  type Entry,
  type EntryDraft,
  type NewLot,
} from '@app/ledger';
import { readEntries, type Pool } from '@app/ledger/postgres';
import {
  factsToJson,
  GranterInMemory,
  poolKey,
  ProgramSet,
  progressToJson,
  rowKey,
  type Program,
  type UnpaidReward,
} from '@app/programs';
import { PoolLeases } from '../src/pool-leases.js';
import { readFunds } from '../src/store/funds.js';
import { fixedPrograms } from './fixed-programs.js';
import { ActivityLog, GranterByHand, SetClock } from './granter-by-hand.js';

export interface TakeOptions {
  /** Lengths of the first batches on PostgreSQL; the rest comes as one. Default: all in one. */
  cuts?: readonly number[];
  /** Between any two batches a new process goes on. */
  restarts?: boolean;
}

/** One shard's granter twice, at the same time by the clock: on PostgreSQL, and with all of its state in memory. */
export class TwinGranters {
  readonly inMemory: GranterInMemory;
  readonly log: ActivityLog;
  /** Rewards of which nothing was paid. */
  readonly unpaid: UnpaidReward[] = [];
  readonly #drafts: EntryDraft[] = [];
  readonly #lots: NewLot[] = [];
  readonly #clock: SetClock;
  #set: ProgramSet;
  #granter: GranterByHand;

  constructor(
    private readonly pool: Pool,
    readonly shard: number,
    programs: readonly Program[],
    clockMs: number,
  ) {
    this.#set = new ProgramSet(programs);
    this.#clock = new SetClock(clockMs);
    this.log = new ActivityLog(shard);
    this.inMemory = new GranterInMemory(this.#set, { shard });
    this.inMemory.pools.clear();
    this.#fund(programs);
    this.#granter = this.startProcess();
  }

  get granter(): GranterByHand {
    return this.#granter;
  }

  get clockMs(): number {
    return this.#clock.atMs;
  }

  /** Another process for the shard, on the same clock. */
  startProcess(): GranterByHand {
    return new GranterByHand(
      this.pool,
      this.shard,
      this.#set,
      this.#clock,
      // Each shard is a home, as the one in memory is: it borrows nothing.
      new PoolLeases(this.pool, fixedPrograms(this.#set), 64, () => this.shard),
    );
  }

  restart(): void {
    this.#granter = this.startProcess();
  }

  /** From the next process on, other programs; both have the budgets of new versions. */
  publish(programs: readonly Program[]): void {
    const known = this.#set.programs;
    const added = programs.filter((one) => !known.includes(one));
    this.#set = new ProgramSet(programs);
    this.inMemory.set = this.#set;
    this.#fund(added);
    this.restart();
  }

  /** Both take events, at a time by the clock: in memory as one batch and each once. */
  async take(
    events: readonly ActivityEvent[],
    clockMs: number,
    { cuts = [], restarts = false }: TakeOptions = {},
  ): Promise<void> {
    this.#clock.atMs = clockMs;
    const messages = this.log.add(events);
    this.#keep(this.inMemory.run(this.log.inputsOf(messages), clockMs));
    const rest = [...messages];
    for (const length of [...cuts, rest.length]) {
      if (restarts) this.restart();
      await this.#granter.take(rest.splice(0, length));
    }
  }

  /** Both let the clock decide what is due. */
  async tick(clockMs: number): Promise<void> {
    this.#clock.atMs = clockMs;
    this.#keep(this.inMemory.tick(clockMs));
    await this.tickStored();
  }

  /** As the timer does, until nothing is due. */
  async tickStored(): Promise<number> {
    const { store } = this.#granter;
    for (let ticks = 0; ; ticks += 1) {
      const due = await store.readDueShards([this.shard], this.clockMs);
      if (due.length === 0) return ticks;
      await this.#granter.tick();
    }
  }

  /** All that the granter in memory has and did, in the words of {@link stored}. */
  remembered() {
    const { inMemory } = this;
    return {
      entries: this.#drafts.map((draft, i) =>
        told({ ...draft, ...PLACE, sequence: BigInt(i + 1) }, (id) =>
          placeOf(id),
        ),
      ),
      lots: sorted(
        this.#lots.map(({ lotId, merchantId, unit, ...lot }) =>
          [placeOf(lotId), merchantId, unit, ...Object.values(lot)].join(' '),
        ),
      ),
      progress: sortedEntries(
        [...inMemory.progress].flatMap(([merchantId, rows]) =>
          [...rows].map(([key, progress]) => [
            `${merchantId}\n${key}`,
            withPlaces(progressToJson(progress), placeOf),
          ]),
        ),
      ),
      facts: sortedEntries(
        Array.from(inMemory.facts, ([id, facts]) => [id, factsToJson(facts)]),
      ),
      funds: {
        pools: amountsOf(inMemory.pools),
        owed: amountsOf(inMemory.owed),
        payable: amountsOf(inMemory.payable),
      },
    };
  }

  /** All that the granter on PostgreSQL has written, entries by their places among those that grant and take back. */
  async stored() {
    const { pool, shard } = this;
    const entries = (
      await readEntries(pool, 'grants', shard, 1n, 100_000)
    ).filter(({ merchantId }) => merchantId !== null);
    const places = new Map(
      entries.map(({ sequence }, i) => [
        `grants-${shard}-${sequence}`,
        `#${i + 1}`,
      ]),
    );
    const placeIn = (id: string) => places.get(id) ?? id;
    const { rows: lots } = await pool.query<LotRow>(
      'SELECT lot_id, merchant_id, unit, granted, expires_at, program FROM lot WHERE shard = $1',
      [shard],
    );
    const { rows: progress } = await pool.query<ProgressRow>(
      'SELECT merchant_id, program, period, progress FROM progress WHERE shard = $1',
      [shard],
    );
    const { rows: facts } = await pool.query<FactsRow>(
      'SELECT merchant_id, facts FROM merchant_facts WHERE shard = $1',
      [shard],
    );
    const funds = await readFunds(pool, shard, [
      ...this.inMemory.facts.keys(),
      ...this.inMemory.progress.keys(),
    ]);
    return {
      entries: entries.map((entry) => told(entry, placeIn)),
      lots: sorted(
        lots.map(({ lot_id, merchant_id, unit, ...lot }) =>
          [
            placeIn(lot_id),
            merchant_id,
            unit,
            lot.granted,
            lot.expires_at.getTime(),
            lot.program,
          ].join(' '),
        ),
      ),
      progress: sortedEntries(
        progress.map((row) => [
          `${row.merchant_id}\n${rowKey(row)}`,
          withPlaces(row.progress, placeIn),
        ]),
      ),
      facts: sortedEntries(facts.map((row) => [row.merchant_id, row.facts])),
      funds: {
        pools: amountsOf(funds.pools),
        owed: amountsOf(funds.owed),
        payable: amountsOf(funds.payable),
      },
    };
  }

  #fund(programs: readonly Program[]): void {
    const { pools } = this.inMemory;
    for (const { program, pools: totals } of programs)
      for (const [unit, total] of Object.entries(totals)) {
        const key = poolKey(program, unit as Unit);
        pools.set(key, (pools.get(key) ?? 0n) + total);
      }
  }

  #keep({ drafts, lots, unpaid }: ReturnType<GranterInMemory['run']>): void {
    this.#drafts.push(...drafts);
    this.#lots.push(...lots);
    this.unpaid.push(...unpaid);
  }
}

interface LotRow {
  lot_id: string;
  merchant_id: string;
  unit: Unit;
  granted: bigint;
  expires_at: Date;
  program: string;
}

interface ProgressRow {
  merchant_id: string;
  program: string;
  period: string;
  progress: unknown;
}

interface FactsRow {
  merchant_id: string;
  facts: unknown;
}

export const PLACE = { shard: 0, journal: 'grants', recordedAtMs: 0 } as const;
const ENTRY_ID = /grants-\d+-\d+/g;

/** In memory there are no entries but those that grant and take back. */
export function placeOf(id: string): string {
  return `#${id.split('-')[2]}`;
}

/** Days on air in order: counted anew, they come by session. */
function withPlaces(json: unknown, placeIn: (id: string) => string): unknown {
  return JSON.parse(
    JSON.stringify(json).replaceAll(ENTRY_ID, placeIn),
    (name, value: unknown) =>
      name === 'days'
        ? (value as [number, unknown][]).toSorted(([a], [b]) => a - b)
        : value,
  );
}

/** @param placeIn of another entry that it names */
export function told(
  entry: Omit<Entry, 'hash' | 'causeText'>,
  placeIn: (id: string) => string,
) {
  const { causeText, postings } = withAccountNames(entry);
  return {
    kind: entry.kind,
    merchantId: entry.merchantId,
    at: new Date(entry.occurredAtMs).toISOString(),
    postings: postings.map(
      ({ account, unit, amount, lotId }) =>
        `${account} ${amount} ${unit} ${lotId && placeIn(lotId)}`,
    ),
    cause: causeText.replaceAll(ENTRY_ID, placeIn),
  };
}

function amountsOf(amounts: ReadonlyMap<string, bigint>) {
  return sortedEntries([...amounts].filter(([, amount]) => amount !== 0n));
}

function sorted(lines: readonly string[]): string[] {
  return lines.toSorted();
}

function sortedEntries<Value>(
  entries: readonly (readonly [string, Value])[] | [string, Value][],
): [string, Value][] {
  return entries
    .map(([key, value]): [string, Value] => [key, value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
