import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityCloudEvent, ActivityEvent } from '@app/contracts';
import type { EventPublisher } from '@app/contracts/kafkajs';
import { orderEvents, type ReplayOptions } from './order-events.js';
import type { OrderRow } from './order-row.js';

export interface PublishedTotals {
  rows: number;
  paid: number;
  refunded: number;
  merchants: number;
  paidMinor: bigint;
}

export interface PublishOptions extends ReplayOptions {
  /** Events a second at most; null for as fast as it goes. */
  rate: number | null;
  /** Told after each batch. */
  onProgress: (totals: PublishedTotals) => void;
}

const MAX_BATCH = 1_000;
/** With a rate, batches are so small that they come this often. */
const BATCHES_A_SECOND = 10;

/** Publishes rows in their order; resolves when all events are durable. */
export async function publishOrders(
  rows: AsyncIterable<OrderRow>,
  publisher: EventPublisher<ActivityEvent>,
  options: PublishOptions,
): Promise<PublishedTotals> {
  const { rate, onProgress } = options;
  const batchSize =
    rate === null
      ? MAX_BATCH
      : Math.min(MAX_BATCH, Math.ceil(rate / BATCHES_A_SECOND));
  const merchants = new Set<string>();
  const totals = { rows: 0, paid: 0, refunded: 0, merchants: 0, paidMinor: 0n };
  const startedAtMs = performance.now();
  let batch: ActivityCloudEvent[] = [];

  const flush = async () => {
    await publisher.publish(batch);
    batch = [];
    onProgress({ ...totals, merchants: merchants.size });
    if (rate === null) return;
    const dueMs = ((totals.paid + totals.refunded) / rate) * 1_000;
    await sleep(Math.max(0, startedAtMs + dueMs - performance.now()));
  };

  for await (const row of rows) {
    const events = orderEvents(row, options);
    batch.push(...events);
    merchants.add(row.sellerId);
    totals.rows += 1;
    totals.paid += 1;
    totals.refunded += events.length - 1;
    totals.paidMinor += BigInt(row.amountMinor);
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  return { ...totals, merchants: merchants.size };
}
