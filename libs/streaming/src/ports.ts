/**
 * The three things that the exactly-once shell needs of the world. The same shell runs on Kafka,
 * PostgreSQL and the system's clock, and on simulated ones.
 */

/** Somewhere to publish to. */
export interface Broker {
  /** Resolves once every message is durable; may have published some of them where it rejects. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
}

export interface OutgoingMessage {
  topic: string;
  /** Left to the hash of the key where it is not given. */
  partition?: number;
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: Record<string, HeaderValue>;
}

export type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/**
 * A writer's place in its shard. `revision` counts commits and is what the compare-and-set is on, together
 * with `consumed`; `tip` is the store's own (the last entry's sequence and hash, say).
 */
export interface Head<Tip> {
  revision: bigint;
  /** By source, the position of the next message to take: offsets skip, so never the last one plus one. */
  consumed: Readonly<Record<string, bigint>>;
  tip: Tip;
}

/** Messages that committed work calls for, and the mark to set once they are published. */
export interface Publication {
  messages: readonly OutgoingMessage[];
  through: bigint;
}

/** Where the state of shards is kept. Rejections other than {@link HeadMovedError} mean "try again later". */
export interface ShardStore<Message, Tip, State, Work> {
  readHead(shard: number): Promise<Head<Tip>>;

  /**
   * The state that deciding on these messages needs.
   *
   * @param nowMs the shell's clock at this step: milliseconds since the epoch
   * @param consumed what the head will have consumed with this step
   */
  load(
    shard: number,
    messages: readonly Message[],
    nowMs: number,
    consumed: Head<Tip>['consumed'],
  ): Promise<State>;

  /**
   * Gets what the work was short of, where there is any to be got: it is then decided anew, on what this answers with.
   * Null where nothing is missing that could be got. Stores whose work is never short of anything leave it out.
   *
   * @param nowMs the shell's clock at this step: milliseconds since the epoch
   */
  supply?(
    shard: number,
    state: State,
    work: Work,
    nowMs: number,
  ): Promise<State | null>;

  /**
   * Writes the work and moves the head from `head` to `consumed`, in one transaction.
   *
   * @throws HeadMovedError where the stored head is not `head`; then nothing is written
   */
  commit(commit: Commit<Tip, Work>): Promise<Committed<Tip>>;

  /** What committed work still has to publish as far as is known; null where there is nothing. */
  unpublished(shard: number): Promise<Publication | null>;

  markPublished(shard: number, through: bigint): Promise<void>;
}

export interface Commit<Tip, Work> {
  shard: number;
  head: Head<Tip>;
  consumed: Readonly<Record<string, bigint>>;
  work: Work;
  /** The shell's clock at this step: milliseconds since the epoch. */
  nowMs: number;
}

export interface Committed<Tip> {
  head: Head<Tip>;
  publication: Publication | null;
}

/** Another writer has moved the shard's head: this one has lost the shard, or this batch was taken already. */
export class HeadMovedError extends Error {
  constructor(readonly shard: number) {
    super(`the head of shard ${shard} was moved by another writer`);
    this.name = 'HeadMovedError';
  }
}

/** Messages that the head still needs are no longer in the source: it was cut off behind our back. */
export class SourceTruncatedError extends Error {
  constructor(source: string, shard: number, needed: bigint, earliest: bigint) {
    super(
      `${source}/${shard} begins at ${earliest} but ${needed} is still to be taken: ` +
        'restore the missing messages, or the database of their time',
    );
    this.name = 'SourceTruncatedError';
  }
}
