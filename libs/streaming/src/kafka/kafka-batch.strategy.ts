import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import {
  Server,
  type BaseRpcContext,
  type CustomTransportStrategy,
} from '@nestjs/microservices';
import type {
  Admin,
  Batch,
  Consumer,
  EachBatchPayload,
  Kafka,
  KafkaMessage,
  TopicPartition,
} from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { ConfigurationError } from '@app/platform';
import { BackOff } from '../back-off.js';
import type { ReceivedMessage } from '../dead-letter.js';
import type { SourceBatch } from '../shard-writer.js';
import { coPartitioningAssigner } from './co-partitioning-assigner.js';
import { KAFKA_BATCH_TRANSPORT } from './kafka-batch-handler.decorator.js';
import { OffsetCommits } from './offset-commits.js';

export interface KafkaBatchOptions {
  kafka: Kafka;
  groupId: string;
  /** Every topic must have exactly this many partitions. */
  shardCount: number;
  /** At most this many messages go to a handler at once. Default 1,000. */
  maxBatchMessages?: number;
  /** Partitions handled at the same time. Default 8. */
  concurrency?: number;
  /** A member that is silent for so long has lost its partitions. Default 10,000. */
  sessionTimeoutMs?: number;
}

// A type, not an interface: Nest asks for an index signature.
type KafkaBatchEvents = { assigned: (shards: readonly number[]) => void };

interface PartitionBounds {
  /** The first offset that is still there. */
  earliest: bigint;
  /** The offset behind the last one. */
  end: bigint;
}

/** As Kafka says it. */
const NOTHING_COMMITTED = '-1';
const HEARTBEAT_INTERVAL_MS = 2_000;

type BatchHandler = (
  batch: SourceBatch<ReceivedMessage>,
  context?: BaseRpcContext,
) => Promise<unknown>;

/**
 * Nest transport that hands each partition's messages to a handler in order and in batches, partitions
 * side by side. Handlers are declared with `@KafkaBatchHandler(topic)`; each answers with the position to
 * read next, and that answer, not Kafka's committed offset, says where a partition goes on: the offset is
 * committed all the same, for tools that show lag. Partitions that are newly given are asked about with an
 * empty batch, so that they go on there even where nothing new is published. A handler that rejects is given the batch again after
 * a pause that grows; nothing is skipped.
 */
export class KafkaBatchStrategy
  extends Server<KafkaBatchEvents>
  implements CustomTransportStrategy
{
  override readonly transportId = KAFKA_BATCH_TRANSPORT;
  protected override readonly logger = new Logger(KafkaBatchStrategy.name);
  readonly #consumer: Consumer;
  readonly #admin: Admin;
  readonly #commits: OffsetCommits;
  readonly #maxBatchMessages: number;
  readonly #backOffs = new Map<string, BackOff>();
  /** By topic and partition, as they were last read. */
  readonly #bounds = new Map<string, Map<number, PartitionBounds>>();
  readonly #assignmentListeners: KafkaBatchEvents['assigned'][] = [];
  #joined = false;
  #isClosed = false;
  /** Null until this process has joined its group. */
  #assigned: readonly number[] | null = null;
  readonly #resumeTimers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: KafkaBatchOptions) {
    super();
    this.#maxBatchMessages = options.maxBatchMessages ?? 1_000;
    this.#admin = options.kafka.admin();
    this.#consumer = options.kafka.consumer({
      groupId: options.groupId,
      partitionAssigners: [coPartitioningAssigner],
      sessionTimeout: options.sessionTimeoutMs ?? 10_000,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      maxWaitTimeInMs: 100,
      retry: { restartOnFailure: () => Promise.resolve(true) },
    });
    this.#commits = new OffsetCommits(this.#consumer);
  }

  /** Registers for the shards that this process has, told at once and anew after each rebalance. */
  override on<E extends keyof KafkaBatchEvents>(
    _event: E,
    listener: KafkaBatchEvents[E],
  ): void {
    this.#assignmentListeners.push(listener);
    if (this.#assigned) listener(this.#assigned);
  }

  override unwrap<T>(): T {
    return this.#consumer as T;
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.#start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#resumeTimers) clearTimeout(timer);
    await this.#commits.end();
    await this.#consumer.disconnect();
    await this.#admin.disconnect();
  }

  /** @throws Error where this process is not a member of its consumer group */
  checkJoined(): Promise<void> {
    return this.#joined
      ? Promise.resolve()
      : Promise.reject(
          new Error(`not a member of the group ${this.options.groupId}`),
        );
  }

  async #start(): Promise<void> {
    const topics = [...this.messageHandlers.keys()];
    await this.#admin.connect();
    await this.#checkPartitionCounts(topics);
    for (const topic of topics) await this.#readBounds(topic);

    const { GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#joined = true;
      this.#commits.forget();
      this.#assigned = payload.memberAssignment[topics[0]!] ?? [];
      for (const listener of this.#assignmentListeners)
        listener(this.#assigned);
      void this.#goOnWhereHandlersSay(this.#assigned);
    });
    for (const event of ['consumer.crash', 'consumer.stop'] as const)
      this.#consumer.on(event, () => {
        this.#joined = false;
      });
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics, fromBeginning: true });
    await this.#consumer.run({
      eachBatchAutoResolve: false,
      autoCommit: false,
      partitionsConsumedConcurrently: this.options.concurrency ?? 8,
      eachBatch: (payload) => this.#handlePartition(payload),
    });
    this.#commits.start();
  }

  async #checkPartitionCounts(topics: string[]): Promise<void> {
    const metadata = await this.#admin.fetchTopicMetadata({ topics });
    for (const { name, partitions } of metadata.topics) {
      if (partitions.length !== this.options.shardCount)
        throw new ConfigurationError(
          `Topic ${name} has ${partitions.length} partitions and this installation ` +
            `${this.options.shardCount} shards: both were fixed when they were made and must be the same.`,
        );
    }
  }

  async #readBounds(topic: string): Promise<void> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    const bounds = offsets.map(
      ({ partition, low, high }) =>
        [partition, { earliest: BigInt(low), end: BigInt(high) }] as const,
    );
    this.#bounds.set(topic, new Map(bounds));
  }

  #earliestOf(topic: string, partition: number): bigint {
    return this.#bounds.get(topic)?.get(partition)?.earliest ?? 0n;
  }

  #endOf(topic: string, partition: number): bigint | number {
    return this.#bounds.get(topic)?.get(partition)?.end ?? Infinity;
  }

  /** @throws Error where the partition ends before what was taken from it already */
  #checkHolds({ topic, partition }: TopicPartition, position: bigint): void {
    const end = this.#endOf(topic, partition);
    if (position > end)
      throw new Error(
        `${topic}/${partition} ends at ${end} but was taken up to ${position}: ` +
          'this is not the Kafka that the database was fed from',
      );
  }

  /** Until it succeeds, what is fetched begins at the committed offsets: the handlers are asked then, too. */
  async #goOnWhereHandlersSay(shards: readonly number[]): Promise<void> {
    const backOff = new BackOff();
    while (this.#assigned === shards && !this.#isClosed) {
      try {
        return await this.#askHandlers(shards);
      } catch (error) {
        const delayMs = backOff.nextDelayMs();
        this.logger.warn(
          `${(error as Error).message}; asking again in ${delayMs} ms`,
        );
        await sleep(delayMs, undefined, { ref: false });
      }
    }
  }

  async #askHandlers(shards: readonly number[]): Promise<void> {
    const { groupId } = this.options;
    const topics = [...this.messageHandlers.keys()];
    const offsets = await this.#admin.fetchOffsets({ groupId, topics });
    for (const { topic, partitions } of offsets) {
      await this.#readBounds(topic);
      for (const { partition, offset } of partitions) {
        if (!shards.includes(partition)) continue;
        const earliest = this.#earliestOf(topic, partition);
        const hasCommitted = offset !== NOTHING_COMMITTED;
        const from = hasCommitted ? BigInt(offset) : earliest;
        const position = await this.#handle({
          source: topic,
          shard: partition,
          from,
          next: from,
          earliest,
          messages: [],
        });
        if (position === from) continue;
        if (position > this.#endOf(topic, partition))
          // What came since may have been taken as well.
          await this.#readBounds(topic);
        this.#checkHolds({ topic, partition }, position);
        this.#seek({ topic, partition }, position);
      }
    }
  }

  async #handlePartition(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const name = `${batch.topic}/${batch.partition}`;
    const backOff = this.#backOffs.get(name) ?? new BackOff();
    this.#backOffs.set(name, backOff);
    const stopHeartbeats = keepAlive(() => payload.heartbeat());
    try {
      for (const run of this.#runsOf(batch)) {
        if (!payload.isRunning() || payload.isStale()) return;
        const position = await this.#handle(run);
        if (position !== run.next) {
          await this.#readBounds(batch.topic);
          this.#checkHolds(batch, position);
          this.#seek(batch, position);
          return;
        }
        payload.resolveOffset(String(run.next - 1n));
        this.#commits.take(batch, position);
      }
      backOff.reset();
    } catch (error) {
      const delayMs = backOff.nextDelayMs();
      this.logger.warn(
        `${name}: ${(error as Error).message}; trying again in ${delayMs} ms`,
      );
      const resume = payload.pause();
      const timer = setTimeout(() => {
        this.#resumeTimers.delete(timer);
        resume();
      }, delayMs);
      this.#resumeTimers.add(timer);
    } finally {
      stopHeartbeats();
    }
  }

  async #handle(batch: SourceBatch<ReceivedMessage>): Promise<bigint> {
    const handler = this.messageHandlers.get(batch.source) as BatchHandler;
    const answer = await handler(batch);
    return (await (isObservable(answer)
      ? lastValueFrom(answer)
      : answer)) as bigint;
  }

  #seek({ topic, partition }: TopicPartition, position: bigint): void {
    this.logger.log(`${topic}/${partition}: going on at ${position}`);
    this.#consumer.seek({ topic, partition, offset: String(position) });
    this.#commits.take({ topic, partition }, position);
  }

  *#runsOf(batch: Batch): Generator<SourceBatch<ReceivedMessage>> {
    const { topic, partition, messages } = batch;
    const earliest = this.#earliestOf(topic, partition);
    // kafkajs sets it on every batch and leaves it out of its types.
    let from = BigInt(
      (batch as Batch & { fetchedOffset: string }).fetchedOffset,
    );
    for (let i = 0; i < messages.length; i += this.#maxBatchMessages) {
      const run = messages.slice(i, i + this.#maxBatchMessages);
      const next = BigInt(run.at(-1)!.offset) + 1n;
      yield {
        source: topic,
        shard: partition,
        from,
        next,
        earliest,
        messages: run.map((message) => received(topic, partition, message)),
      };
      from = next;
    }
  }
}

function received(
  topic: string,
  partition: number,
  message: KafkaMessage,
): ReceivedMessage {
  // -1 of a message without one.
  const publishedAtMs = Number(message.timestamp);
  return {
    topic,
    partition,
    position: BigInt(message.offset),
    key: message.key,
    value: message.value,
    headers: message.headers ?? {},
    ...(publishedAtMs >= 0 ? { publishedAtMs } : {}),
  };
}

/** Heartbeats until stopped: a long batch must not cost the member its partitions. */
function keepAlive(heartbeat: () => Promise<void>): () => void {
  const timer = setInterval(() => {
    // A failure means that the group rebalances; the runner meets it again after the batch.
    heartbeat().catch(() => undefined);
  }, HEARTBEAT_INTERVAL_MS);
  return () => clearInterval(timer);
}
