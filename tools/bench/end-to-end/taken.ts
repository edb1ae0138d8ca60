import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Pool } from 'pg';
import { TOPICS } from '@app/contracts';
import {
  countLag,
  countTaken,
  readTopicEnds,
  type WriterPosition,
} from '../../stack/counts.js';

/** How far a system has come at a moment. */
export interface Taken {
  atMs: number;
  published: number;
  /** Of what is published as activity, by each. */
  granter: number;
  promoter: number;
  /** Entries of orders placed, and of reports taken. */
  orders: number;
  reports: number;
  grants: number;
  /** Messages that were refused: reports for orders that are closed, nearly all. */
  deadLetters: number;
}

/** Counts what goes through a system. */
export class TakenCounts {
  readonly #pool: Pool;
  readonly #admin: Admin;

  private constructor(databaseUrl: string, admin: Admin) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: 1 });
    this.#admin = admin;
  }

  static async of(databaseUrl: string, brokers: string): Promise<TakenCounts> {
    const admin = new Kafka({
      clientId: 'bench',
      brokers: [brokers],
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    return new TakenCounts(databaseUrl, admin);
  }

  async read(): Promise<Taken> {
    const [activity, deadLetters] = await Promise.all([
      readTopicEnds(this.#admin, TOPICS.activity),
      readTopicEnds(this.#admin, TOPICS.deadLetters),
    ]);
    const atMs = performance.now();
    const ends = new Map([[TOPICS.activity, activity]]);
    const [granters, promoters] = await Promise.all([
      this.#positions('grants'),
      this.#positions('promotions'),
    ]);
    const { rows } = await this.#pool.query<{ kind: string; count: string }>(
      `SELECT kind, count(*) FROM entry WHERE kind IN ('reserve', 'deliver', 'grant') GROUP BY kind`,
    );
    const entries = (kind: string) =>
      Number(rows.find((row) => row.kind === kind)?.count ?? 0);
    return {
      atMs,
      published: Number(countLag(ends, [])),
      granter: Number(countTaken(ends, granters)),
      promoter: Number(countTaken(ends, promoters)),
      orders: entries('reserve'),
      reports: entries('deliver'),
      grants: entries('grant'),
      deadLetters: Number(
        countLag(new Map([[TOPICS.deadLetters, deadLetters]]), []),
      ),
    };
  }

  /** Merchants who have traffic reserved for orders. */
  async merchantsWithOrders(count: number): Promise<string[]> {
    const { rows } = await this.#pool.query<{ merchant_id: string }>(
      `SELECT merchant_id FROM merchant_balance WHERE account = 'reserved' AND amount > 0
       GROUP BY merchant_id ORDER BY merchant_id LIMIT $1`,
      [count],
    );
    return rows.map(({ merchant_id }) => merchant_id);
  }

  /** Milliseconds from the event that turned a merchant's switch off until the promoter had it: no order follows. */
  async ordersStoppedMs(merchantIds: readonly string[]): Promise<number[]> {
    const { rows } = await this.#pool.query<{ took: number }>(
      `SELECT 1000 * extract(epoch FROM recorded_at - occurred_at)::float8 AS took
       FROM entry WHERE kind = 'switch_off' AND merchant_id = ANY ($1)`,
      [merchantIds],
    );
    return rows.map(({ took }) => took);
  }

  /** Milliseconds between one checkpoint and the next, since a moment: milliseconds since the epoch. */
  async checkpointGapsMs(sinceMs: number): Promise<number[]> {
    const { rows } = await this.#pool.query<{ gap: number }>(
      `SELECT gap FROM (
         SELECT 1000 * extract(epoch FROM published_at - lag(published_at) OVER (ORDER BY size))::float8 AS gap
         FROM checkpoint WHERE published_at >= $1) AS gaps
       WHERE gap IS NOT NULL`,
      [new Date(sinceMs)],
    );
    return rows.map(({ gap }) => gap);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#pool.end(), this.#admin.disconnect()]);
  }

  async #positions(journal: string): Promise<WriterPosition[]> {
    const { rows } = await this.#pool.query<WriterPosition>(
      'SELECT shard, consumed FROM shard_head WHERE journal = $1',
      [journal],
    );
    return rows;
  }
}
