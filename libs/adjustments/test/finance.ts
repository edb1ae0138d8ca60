import { Registry } from 'prom-client';
import {
  contentHash,
  eventKey,
  type ActivityEvent,
  type DeliveryEvent,
} from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import { readEntries, type Pool } from '@app/ledger/postgres';
import { parseProgram } from '@app/programs';
import { ShardWriter, systemClock, type Broker } from '@app/streaming';
import {
  granting,
  type GranterMessage,
  type GranterState,
  type GranterWork,
} from '../../../apps/granter/src/grant.js';
import { GranterMetrics } from '../../../apps/granter/src/granter.metrics.js';
import { GranterStore } from '../../../apps/granter/src/granter.store.js';
import {
  project,
  type PromoterMessage,
  type PromoterState,
  type PromoterWork,
} from '../../../apps/promoter/src/project.js';
import { PromoterMetrics } from '../../../apps/promoter/src/promoter.metrics.js';
import { PromoterStore } from '../../../apps/promoter/src/promoter.store.js';

/** An order of a merchant's earns 1,000 impressions a day, and 50 fen. */
export const PROGRAM = parseProgram(
  `
program: daily
version: 1
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000000, CNY: 100000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - tier: first
        at: 1
        rewards:
          - { unit: ANY_IMP, amount: 1000, expiresAfterDays: 3000 }
          - { unit: CNY, amount: 50 }
`,
  'daily.yaml',
);

const SOURCE = 'merchant.activity.v1';
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.parse('2026-11-01T12:00:00+08:00');

const silentBroker: Broker = { publish: () => Promise.resolve() };

/** The granter and the promoter of one shard, each batch by hand. */
export class Services {
  readonly #granter: ShardWriter<
    GranterMessage,
    ChainTip,
    GranterState,
    GranterWork
  >;
  readonly #promoter: ShardWriter<
    PromoterMessage,
    ChainTip,
    PromoterState,
    PromoterWork
  >;
  #orders = 0n;
  #told = 0n;
  #reports = 0n;

  constructor(
    private readonly pool: Pool,
    readonly shard: number,
    shardCount: number,
  ) {
    this.#granter = new ShardWriter(
      shard,
      new GranterStore(pool, [PROGRAM], new GranterMetrics(new Registry())),
      silentBroker,
      systemClock,
      granting([PROGRAM], shardCount),
    );
    this.#promoter = new ShardWriter(
      shard,
      new PromoterStore(pool, new PromoterMetrics(new Registry())),
      silentBroker,
      systemClock,
      project,
    );
  }

  /** An order on a day earns the day's reward; a batch of its own. */
  async earn(merchantId: string, day: number): Promise<void> {
    const position = this.#orders++;
    await this.#takeAll(this.#granter, {
      source: SOURCE,
      from: position,
      message: this.#toMessage(position, {
        source: 'orders',
        id: `order-${this.shard}-${position}`,
        type: 'order.paid',
        merchantId,
        occurredAtMs: FIRST_DAY_MS + day * DAY_MS,
        data: {
          orderId: `o-${position}`,
          amountMinor: 9_900,
          channel: 'live',
        },
      }),
    });
  }

  /** The promoter takes what is new of the grants journal. */
  async follow(): Promise<void> {
    let from = (await this.#promoter.positionOf('grants')) ?? 1n;
    for (;;) {
      const entries = await readEntries(
        this.pool,
        'grants',
        this.shard,
        from,
        100,
      );
      if (entries.length === 0) return;
      from = await this.#promoter.take({
        source: 'grants',
        shard: this.shard,
        from,
        next: entries.at(-1)!.sequence + 1n,
        earliest: 1n,
        messages: entries.map((entry) => ({
          kind: 'grant' as const,
          entry,
          position: entry.sequence,
        })),
      });
    }
  }

  /** The merchant's switch is on and a stream runs: the promoter reserves what it may. */
  async goLive(merchantId: string): Promise<void> {
    const occurredAtMs = Date.now();
    await this.#tell({
      source: 'switch',
      id: `on-${merchantId}-${this.#told}`,
      type: 'auto_promotion.enabled',
      merchantId,
      occurredAtMs,
      data: { by: merchantId },
    });
    await this.#tell({
      source: 'live',
      id: `live-${merchantId}-${this.#told}`,
      type: 'live.started',
      merchantId,
      occurredAtMs,
      data: { sessionId: `s-${merchantId}-${this.#told}`, followers: 1 },
    });
  }

  /** Ad delivery reports impressions of the merchant's open order. */
  async deliver(merchantId: string, impressions: number): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT order_.value ->> 'promotionOrderId' AS id
       FROM promotion_state, jsonb_array_elements(state -> 'orders') AS order_
       WHERE shard = $1 AND merchant_id = $2`,
      [this.shard, merchantId],
    );
    const position = this.#reports++;
    const event: DeliveryEvent = {
      source: 'ads',
      id: `report-${position}`,
      type: 'promotion.delivered',
      merchantId,
      occurredAtMs: Date.now(),
      data: {
        promotionOrderId: rows[0]!.id,
        impressions,
        clicks: 0,
        orders: 0,
        gmvMinor: 0,
      },
    };
    await this.#takeAll(this.#promoter, {
      source: 'promotion.delivery.v1',
      from: position,
      message: { kind: 'delivery', ...this.#toMessage(position, event) },
    });
  }

  async #tell(event: ActivityEvent): Promise<void> {
    const position = this.#told++;
    await this.#takeAll(this.#promoter, {
      source: SOURCE,
      from: position,
      message: { kind: 'activity', ...this.#toMessage(position, event) },
    });
  }

  #toMessage<Event extends ActivityEvent | DeliveryEvent>(
    position: bigint,
    event: Event,
  ) {
    return {
      position,
      message: {
        topic: SOURCE,
        partition: this.shard,
        position,
        key: null,
        value: null,
        headers: {},
      },
      read: {
        ok: true as const,
        event,
        partition: this.shard,
        key: eventKey(event.source, event.id),
        hash: contentHash(event),
      },
    };
  }

  /** As the consumer does: again from where the writer says, until the batch is taken. */
  async #takeAll<Message extends { position: bigint }>(
    writer: {
      take(batch: {
        source: string;
        shard: number;
        from: bigint;
        next: bigint;
        earliest: bigint;
        messages: Message[];
      }): Promise<bigint>;
    },
    {
      source,
      from,
      message,
    }: { source: string; from: bigint; message: Message },
  ): Promise<void> {
    const batch = {
      source,
      shard: this.shard,
      from,
      next: from + 1n,
      earliest: 0n,
      messages: [message],
    };
    while ((await writer.take(batch)) < batch.next);
  }
}
