import { Registry } from 'prom-client';
import {
  contentHash,
  eventKey,
  TOPICS,
  type ActivityEvent,
  type DeliveryEvent,
} from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import { readEntries, type Pool } from '@app/ledger/postgres';
import type { Planner, WatchedActivity } from '@app/promotion';
import { ShardWriter, systemClock, type Broker } from '@app/streaming';
import {
  project,
  projectWith,
  type PromoterMessage,
  type PromoterState,
  type PromoterWork,
} from '../src/project.js';
import { PromoterMetrics } from '../src/promoter.metrics.js';
import { PromoterStore } from '../src/promoter.store.js';

export const silentBroker: Broker = { publish: () => Promise.resolve() };

/** The promoter of one shard, each batch by hand. */
export class PromoterByHand {
  readonly #writer: ShardWriter<
    PromoterMessage,
    ChainTip,
    PromoterState,
    PromoterWork
  >;
  #told = 0n;
  #reports = 0n;

  constructor(
    private readonly pool: Pool,
    readonly shard: number,
    planner?: Planner,
  ) {
    this.#writer = new ShardWriter(
      shard,
      new PromoterStore(pool, new PromoterMetrics(new Registry())),
      silentBroker,
      systemClock,
      planner ? (batch) => projectWith(planner, batch) : project,
    );
  }

  /** Takes what is new of the grants journal. */
  async follow(): Promise<void> {
    let from = (await this.#writer.positionOf('grants')) ?? 1n;
    for (;;) {
      const entries = await readEntries(
        this.pool,
        'grants',
        this.shard,
        from,
        100,
      );
      if (entries.length === 0) return;
      from = await this.#writer.take({
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

  /** Time passes for a merchant. */
  async tick(merchantId: string, atMs: number): Promise<void> {
    await this.#writer.takeUnpositioned([
      { kind: 'tick', merchantId, atMs, position: 0n },
    ]);
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

  /** Ad delivery reports impressions of the merchant's open order, and what they brought. */
  async deliver(
    merchantId: string,
    impressions: number,
    { clicks = 0, orders = 0, gmvMinor = 0, atMs = Date.now() } = {},
  ): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT order_.value ->> 'promotionOrderId' AS id
       FROM promotion_state, json_array_elements(state -> 'orders') AS order_
       WHERE shard = $1 AND merchant_id = $2`,
      [this.shard, merchantId],
    );
    const position = this.#reports++;
    const event: DeliveryEvent = {
      source: 'ads',
      id: `report-${position}`,
      type: 'promotion.delivered',
      merchantId,
      occurredAtMs: atMs,
      data: {
        promotionOrderId: rows[0]!.id,
        impressions,
        clicks,
        orders,
        gmvMinor,
      },
    };
    await takeAll(this.#writer, {
      source: TOPICS.delivery,
      shard: this.shard,
      message: {
        kind: 'delivery',
        ...messageOf(TOPICS.delivery, this.shard, position, event),
      },
    });
  }

  async #tell(event: WatchedActivity): Promise<void> {
    await takeAll(this.#writer, {
      source: TOPICS.activity,
      shard: this.shard,
      message: {
        kind: 'activity',
        ...messageOf(TOPICS.activity, this.shard, this.#told++, event),
      },
    });
  }
}

/** An event as a consumer of a topic has read it. */
export function messageOf<Event extends ActivityEvent | DeliveryEvent>(
  topic: string,
  shard: number,
  position: bigint,
  event: Event,
) {
  return {
    position,
    message: {
      topic,
      partition: shard,
      position,
      key: null,
      value: null,
      headers: {},
    },
    read: {
      ok: true as const,
      event,
      partition: shard,
      key: eventKey(event.source, event.id),
      hash: contentHash(event),
    },
  };
}

/** Takes a message as the consumer does: again from where the writer says, until it is taken. */
export async function takeAll<Message extends { position: bigint }>(
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
    shard,
    message,
  }: { source: string; shard: number; message: Message },
): Promise<void> {
  const from = message.position;
  const batch = {
    source,
    shard,
    from,
    next: from + 1n,
    earliest: 0n,
    messages: [message],
  };
  while ((await writer.take(batch)) < batch.next);
}
