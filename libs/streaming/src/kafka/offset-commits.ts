import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, TopicPartition, TopicPartitionOffset } from 'kafkajs';
import { Ticker } from '../ticker.js';

const INTERVAL_MS = 1_000;
/** Kafka may be away when a process ends. */
const ENDS_WITHIN_MS = 1_000;

/**
 * Tells Kafka how far partitions were taken, all together and once a second: kafkajs would ask Kafka behind every batch
 * of every partition, and have the next batch wait for the answer.
 */
export class OffsetCommits extends Ticker {
  readonly #untold = new Map<string, TopicPartitionOffset>();

  constructor(private readonly consumer: Pick<Consumer, 'commitOffsets'>) {
    super(INTERVAL_MS);
  }

  /** @param position that the partition is read from next */
  take({ topic, partition }: TopicPartition, position: bigint): void {
    const offset = String(position);
    this.#untold.set(`${topic}/${partition}`, { topic, partition, offset });
  }

  /** Partitions are given anew: how far those are taken that another process gets is its to tell. */
  forget(): void {
    this.#untold.clear();
  }

  /** Tells what is untold, for a while at most, and then nothing more. */
  async end(): Promise<void> {
    const told = this.stop().then(() => this.tick());
    await Promise.race([
      told.catch(() => undefined),
      sleep(ENDS_WITHIN_MS, undefined, { ref: false }),
    ]);
  }

  protected override async tick(): Promise<void> {
    const offsets = [...this.#untold];
    if (offsets.length === 0) return;
    await this.consumer.commitOffsets(offsets.map(([, offset]) => offset));
    for (const [name, told] of offsets)
      if (this.#untold.get(name) === told) this.#untold.delete(name);
  }
}
