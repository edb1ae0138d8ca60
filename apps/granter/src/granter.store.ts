import type { Unit } from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import {
  binaryArray,
  commitToJournal,
  insertLots,
  Quarters,
  readJournalHead,
  readSeenEvents,
  type Pool,
  type PoolClient,
} from '@app/ledger/postgres';
import {
  applyToOrder,
  debtKey,
  orderKey,
  ordersNeeded,
  poolKey,
  progressFromJson,
  progressKey,
  progressNeeded,
  progressToJson,
  UNKNOWN_ORDER,
  type OrderEvent,
  type OrderRecord,
  type PeriodProgress,
  type Program,
  type ProgressAddress,
} from '@app/programs';
import {
  HeadMovedError,
  type Commit,
  type Committed,
  type Head,
  type ShardStore,
} from '@app/streaming';
import {
  versionName,
  type GranterMessage,
  type GranterState,
  type GranterWork,
} from './grant.js';
import type { GranterMetrics } from './granter.metrics.js';

const JOURNAL = 'grants';

/**
 * Takes a shard, merchants and their orders. The shard is hidden from the planner: of one that it knows no rows of, it
 * would read all of them, by any index that begins with the shard.
 */
const READ_ORDERS = `
  SELECT activity.*
  FROM unnest($2::text[], $3::text[]) AS needed (merchant_id, order_id), LATERAL (
    SELECT merchant_id, order_id, type, occurred_at, data, kafka_offset FROM activity
    WHERE shard = (SELECT $1::smallint) AND merchant_id = needed.merchant_id AND order_id = needed.order_id
    OFFSET 0) AS activity
  ORDER BY kafka_offset`;

/** A program version that a shard was given a budget for, and the hash it had then. */
export interface FundedVersion {
  shard: number;
  program: string;
  version: number;
  programHash: string;
}

/** The granter's shards in PostgreSQL. */
export class GranterStore implements ShardStore<
  GranterMessage,
  ChainTip,
  GranterState,
  GranterWork
> {
  readonly #quarters: Quarters;

  constructor(
    private readonly pool: Pool,
    private readonly programs: readonly Program[],
    private readonly metrics: GranterMetrics,
  ) {
    this.#quarters = new Quarters(pool);
  }

  readHead(shard: number): Promise<Head<ChainTip>> {
    return readJournalHead(this.pool, JOURNAL, shard);
  }

  async load(
    shard: number,
    messages: readonly GranterMessage[],
  ): Promise<GranterState> {
    const read = messages.flatMap(({ read }) =>
      read.ok && read.partition === shard ? [read] : [],
    );
    const events = read.map(({ event }) => event);
    const merchantIds = new Set(events.map(({ merchantId }) => merchantId));
    const [seen, { pools, owed }, funded, orders] = await Promise.all([
      readSeenEvents(
        this.pool,
        'activity',
        shard,
        read.map(({ key }) => key),
      ),
      this.#readFunds(shard, merchantIds),
      this.readFunded([shard]),
      this.#readOrders(shard, ordersNeeded(events)),
    ]);
    const progress = await this.#readProgress(
      shard,
      progressNeeded(this.programs, events, orders),
    );
    return {
      seen,
      pools,
      owed,
      orders,
      progress,
      funded: new Set(funded.map(versionName)),
    };
  }

  async commit({
    shard,
    head,
    consumed,
    work,
    nowMs,
  }: Commit<ChainTip, GranterWork>): Promise<Committed<ChainTip>> {
    await this.#quarters.ensure(
      'activity',
      work.accepted.map(({ event }) => event.occurredAtMs),
    );
    const committed = await commitToJournal(this.pool, {
      journal: JOURNAL,
      shard,
      head,
      consumed,
      drafts: work.drafts,
      nowMs,
      alongside: async (client) => {
        await insertActivity(client, shard, work.accepted);
        await saveProgress(client, shard, work.progress);
        await insertLots(client, shard, work.lots);
      },
    });
    if (!committed) throw new HeadMovedError(shard);
    this.metrics.committed(committed.entries, work);
    return { head: committed.head, publication: null };
  }

  /** The granter's entries call for no messages. */
  unpublished(): Promise<null> {
    return Promise.resolve(null);
  }

  markPublished(): Promise<void> {
    return Promise.resolve();
  }

  async readFunded(shards: readonly number[]): Promise<FundedVersion[]> {
    const { rows } = await this.pool.query<{
      shard: number;
      cause: { program: string; version: number; programHash: string };
    }>({
      name: 'read-funded',
      text: `SELECT shard, cause FROM entry WHERE shard = ANY ($1::smallint[]) AND kind = 'budget'`,
      values: [shards],
    });
    return rows.map(({ shard, cause }) => ({ shard, ...cause }));
  }

  /** What is left in pools, and what these merchants owe. */
  async #readFunds(
    shard: number,
    merchantIds: ReadonlySet<string>,
  ): Promise<Pick<GranterState, 'pools' | 'owed'>> {
    const { rows } = await this.pool.query<{
      account: string;
      unit: Unit;
      amount: bigint;
    }>({
      name: 'read-funds',
      text: `
        SELECT account, unit, sum(amount) AS amount FROM shard_balance
        WHERE shard = $1 AND ((journal = $2 AND account LIKE 'pool:%') OR account = 'owed')
        GROUP BY account, unit`,
      values: [shard, JOURNAL],
    });
    const pools = rows.filter(({ account }) => account !== 'owed');
    // Hardly any merchant owes anything: only where one of the shard does, we ask who.
    const isOwed = rows.some(
      ({ account, amount }) => account === 'owed' && amount !== 0n,
    );
    return {
      pools: new Map(
        pools.map(({ account, unit, amount }) => [
          poolKey(account.slice('pool:'.length), unit),
          amount,
        ]),
      ),
      owed: isOwed
        ? await this.#readOwed(shard, [...merchantIds])
        : new Map<string, bigint>(),
    };
  }

  async #readOwed(
    shard: number,
    merchantIds: readonly string[],
  ): Promise<Map<string, bigint>> {
    const { rows } = await this.pool.query<{
      merchant_id: string;
      unit: Unit;
      owed: bigint;
    }>({
      name: 'read-owed',
      text: `
        SELECT merchant_id, unit, -sum(amount) AS owed FROM merchant_balance
        WHERE shard = (SELECT $1::smallint) AND merchant_id = ANY ($2::text[]) AND account = 'owed'
        GROUP BY merchant_id, unit HAVING sum(amount) < 0`,
      values: [shard, merchantIds],
    });
    return new Map(
      rows.map(({ merchant_id, unit, owed }) => [
        debtKey(merchant_id, unit),
        owed,
      ]),
    );
  }

  /** Orders as their accepted events make them, in the order in which those came. */
  async #readOrders(
    shard: number,
    needed: readonly { merchantId: string; orderId: string }[],
  ): Promise<Map<string, OrderRecord>> {
    const orders = new Map<string, OrderRecord>();
    if (needed.length === 0) return orders;
    const { rows } = await this.pool.query<{
      merchant_id: string;
      order_id: string;
      type: string;
      occurred_at: Date;
      data: unknown;
    }>({
      name: 'read-orders',
      text: READ_ORDERS,
      values: [
        shard,
        binaryArray.text(needed.map(({ merchantId }) => merchantId)),
        binaryArray.text(needed.map(({ orderId }) => orderId)),
      ],
    });
    for (const row of rows) {
      const key = orderKey(row.merchant_id, row.order_id);
      const event = {
        type: row.type,
        merchantId: row.merchant_id,
        occurredAtMs: row.occurred_at.getTime(),
        data: row.data,
      } as OrderEvent;
      orders.set(key, applyToOrder(orders.get(key) ?? UNKNOWN_ORDER, event));
    }
    return orders;
  }

  async #readProgress(
    shard: number,
    needed: readonly ProgressAddress[],
  ): Promise<Map<string, PeriodProgress>> {
    if (needed.length === 0) return new Map();
    const { rows } = await this.pool.query<{
      merchant_id: string;
      program: string;
      period: string;
      progress: unknown;
    }>({
      name: 'read-progress',
      text: `
        SELECT progress.*
        FROM unnest($2::text[], $3::text[], $4::text[]) AS needed (merchant_id, program, period), LATERAL (
          SELECT merchant_id, program, period, progress FROM progress
          WHERE shard = (SELECT $1::smallint) AND merchant_id = needed.merchant_id AND program = needed.program
            AND period = needed.period
          OFFSET 0) AS progress`,
      values: [
        shard,
        binaryArray.text(needed.map(({ merchantId }) => merchantId)),
        binaryArray.text(needed.map(({ program }) => program)),
        binaryArray.text(needed.map(({ period }) => period)),
      ],
    });
    return new Map(
      rows.map(({ merchant_id, program, period, progress }) => [
        progressKey({ merchantId: merchant_id, program, period }),
        progressFromJson(progress),
      ]),
    );
  }
}

async function insertActivity(
  client: PoolClient,
  shard: number,
  accepted: GranterWork['accepted'],
): Promise<void> {
  if (accepted.length === 0) return;
  await client.query({
    name: 'insert-activity',
    text: `
      INSERT INTO activity (shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, order_id, data)
      SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::timestamptz[],
        $7::bigint[], $8::text[], $9::json[])`,
    values: [
      shard,
      binaryArray.bytea(accepted.map(({ key }) => key)),
      binaryArray.bytea(accepted.map(({ hash }) => hash)),
      binaryArray.text(accepted.map(({ event }) => event.merchantId)),
      binaryArray.text(accepted.map(({ event }) => event.type)),
      binaryArray.timestamptz(accepted.map(({ event }) => event.occurredAtMs)),
      binaryArray.int8(accepted.map(({ message }) => message.position)),
      binaryArray.text(
        accepted.map(({ event }) =>
          'orderId' in event.data ? event.data.orderId : null,
        ),
      ),
      binaryArray.json(accepted.map(({ event }) => JSON.stringify(event.data))),
    ],
  });
}

async function saveProgress(
  client: PoolClient,
  shard: number,
  changed: GranterWork['progress'],
): Promise<void> {
  if (changed.length === 0) return;
  await client.query({
    name: 'save-progress',
    text: `
      INSERT INTO progress (shard, merchant_id, program, period, progress)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::jsonb[])
      ON CONFLICT (shard, merchant_id, program, period) DO UPDATE SET progress = excluded.progress`,
    values: [
      shard,
      binaryArray.text(changed.map(({ address }) => address.merchantId)),
      binaryArray.text(changed.map(({ address }) => address.program)),
      binaryArray.text(changed.map(({ address }) => address.period)),
      binaryArray.jsonb(
        changed.map(({ progress }) => JSON.stringify(progressToJson(progress))),
      ),
    ],
  });
}
