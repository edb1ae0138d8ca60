import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Pool } from 'pg';
import { TOPICS, type Placement, type Unit } from '@app/contracts';
import { readGranterCounts, type GranterCounts } from './granter-counts.js';
import { ProgramGrants, type ProgramCounts } from './program-counts.js';

/** What has gone through the system since its database was made. */
export interface Counts {
  /** Messages of the activity topic that the granter has taken. */
  eventsIn: bigint;
  granted: ReadonlyMap<Unit, bigint>;
  spent: ReadonlyMap<Placement, bigint>;
  /** Messages, and for the promoter also grants, that each has still to take. */
  lag: { granter: bigint; promoter: bigint };
  /** By their names. */
  programs: readonly ProgramCounts[];
  /** Null while the granter does not answer. */
  granter: GranterCounts | null;
}

export interface CountsSource {
  /** Rejects where the database or the broker is away. */
  read: () => Promise<Counts>;
  close: () => Promise<void>;
}

/** By source and shard, the first and the next position of a log. */
export type LogEnds = ReadonlyMap<
  string,
  ReadonlyMap<number, { first: bigint; next: bigint }>
>;

/** How far a journal's writer has come in one shard: the next position of each source. */
export interface WriterPosition {
  shard: number;
  consumed: Readonly<Record<string, number>>;
}

/** The name under which a promoter's head keeps its position in the grants journal. */
const GRANTS_JOURNAL = 'grants';
const STATEMENT_TIMEOUT_MS = 5_000;

/** Counts from the heads, balances and grants of a ledger, the ends of its topics, and the metrics of its granter. */
export class LedgerCounts implements CountsSource {
  readonly #pool: Pool;
  readonly #admin: Admin;
  readonly #programs: ProgramGrants;
  #connected: Promise<void> | undefined;

  /**
   * @param brokers `host:port`, several parted by commas
   * @param granterUrl where the granter answers now; null while it does not run
   */
  constructor(
    databaseUrl: string,
    brokers: string,
    private readonly granterUrl: () => string | null,
  ) {
    this.#pool = new Pool({
      connectionString: databaseUrl,
      application_name: 'start',
      max: 1,
      statement_timeout: STATEMENT_TIMEOUT_MS,
    });
    this.#programs = new ProgramGrants(this.#pool);
    // The next reading tells of lasting trouble; an idle connection that breaks must not end the program.
    this.#pool.on('error', () => undefined);
    this.#admin = new Kafka({
      clientId: 'start',
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 1 },
    }).admin();
  }

  async read(): Promise<Counts> {
    this.#connected ??= this.#admin.connect();
    await this.#connected.catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    const [activity, delivery] = await Promise.all([
      readTopicEnds(this.#admin, TOPICS.activity),
      readTopicEnds(this.#admin, TOPICS.delivery),
    ]);
    const { rows } = await this.#pool.query<HeadRow>(
      'SELECT shard, journal, sequence, consumed FROM shard_head',
    );
    const granters = rows.filter(({ journal }) => journal === 'grants');
    const promoters = rows.filter(({ journal }) => journal === 'promotions');
    const activityEnds: LogEnds = new Map([[TOPICS.activity, activity]]);
    const grants = new Map(
      granters.map(({ shard, sequence }) => [
        shard,
        { first: 1n, next: BigInt(sequence) + 1n },
      ]),
    );
    return {
      eventsIn: countTaken(activityEnds, granters),
      ...(await this.#readAmounts()),
      programs: await this.#programs.read(
        new Map(
          granters.map(({ shard, sequence }) => [shard, BigInt(sequence)]),
        ),
      ),
      granter: await this.#readGranter(),
      lag: {
        granter: countLag(activityEnds, granters),
        promoter: countLag(
          new Map([
            ...activityEnds,
            [TOPICS.delivery, delivery],
            [GRANTS_JOURNAL, grants],
          ]),
          promoters,
        ),
      },
    };
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#pool.end(), this.#admin.disconnect()]);
  }

  async #readGranter(): Promise<GranterCounts | null> {
    const url = this.granterUrl();
    return url === null ? null : readGranterCounts(url).catch(() => null);
  }

  async #readAmounts(): Promise<Pick<Counts, 'granted' | 'spent'>> {
    const { rows } = await this.#pool.query<{
      account: string;
      unit: Unit;
      amount: string;
    }>(`
      SELECT CASE WHEN journal = 'grants' THEN 'granted' ELSE account END AS account, unit, sum(amount)::text AS amount
      FROM shard_balance
      -- All that came out of pools to merchants, or what was spent for them.
      WHERE (journal = 'grants' AND account <> 'issuance' AND account NOT LIKE 'pool:%' AND account NOT LIKE 'leased:%') OR account LIKE 'spent:%'
      GROUP BY 1, unit ORDER BY unit`);
    const granted = new Map<Unit, bigint>();
    const spent = new Map<Placement, bigint>();
    for (const { account, unit, amount } of rows) {
      if (account === 'granted') granted.set(unit, BigInt(amount));
      else {
        const placement = account.slice('spent:'.length) as Placement;
        spent.set(placement, (spent.get(placement) ?? 0n) + BigInt(amount));
      }
    }
    return { granted, spent };
  }
}

interface HeadRow {
  shard: number;
  journal: string;
  /** bigint, as pg gives it. */
  sequence: string;
  consumed: Record<string, number>;
}

/** Where each partition of a topic begins and ends now. */
export async function readTopicEnds(
  admin: Admin,
  topic: string,
): Promise<Map<number, { first: bigint; next: bigint }>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(
    offsets.map(({ partition, low, high }) => [
      partition,
      { first: BigInt(low), next: BigInt(high) },
    ]),
  );
}

/** How many positions of the logs are taken. */
export function countTaken(
  ends: LogEnds,
  writers: readonly WriterPosition[],
): bigint {
  return sumOver(ends, writers, ({ first }, position) => position - first);
}

/** How many positions of the logs are still to be taken. */
export function countLag(
  ends: LogEnds,
  writers: readonly WriterPosition[],
): bigint {
  return sumOver(ends, writers, ({ next }, position) => next - position);
}

function sumOver(
  ends: LogEnds,
  writers: readonly WriterPosition[],
  measure: (end: { first: bigint; next: bigint }, position: bigint) => bigint,
): bigint {
  const byShard = new Map(writers.map((writer) => [writer.shard, writer]));
  let sum = 0n;
  for (const [source, shards] of ends)
    for (const [shard, end] of shards) {
      const position = byShard.get(shard)?.consumed[source];
      const measured = measure(
        end,
        position === undefined ? end.first : BigInt(position),
      );
      // A writer may have taken what came after the ends were read.
      if (measured > 0n) sum += measured;
    }
  return sum;
}
