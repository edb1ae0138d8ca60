import {
  HeadMovedError,
  SourceTruncatedError,
  type Broker,
  type Clock,
  type Head,
  type OutgoingMessage,
  type Publication,
  type ShardStore,
} from './ports.js';

/** Each gets all that a step was short of, or all that there is: so often, something else is wrong. */
const SUPPLIES_MAX = 10;

/** A message with its place in its source: a Kafka offset, a journal's sequence. */
export interface Positioned {
  position: bigint;
}

/** A run of messages of one shard, out of one source, in order; without any, it asks only where to go on. */
export interface SourceBatch<Message extends Positioned> {
  source: string;
  shard: number;
  /** The position that was asked for: between it and the first message the source holds nothing. */
  from: bigint;
  /** The position to ask for after this batch. */
  next: bigint;
  /** The first position that the source still holds. */
  earliest: bigint;
  messages: readonly Message[];
}

export interface Decision<Work> {
  work: Work;
  /** Published before the work is committed, so perhaps more than once: dead letters, forwards. */
  publishFirst: readonly OutgoingMessage[];
}

/** A pure function over the messages of a batch: it may be called again on more of a state, and the last answer holds. */
export type Decide<Message, Tip, State, Work> = (input: {
  shard: number;
  head: Head<Tip>;
  state: State;
  messages: readonly Message[];
  /** The shell's clock at this step, which is recorded with it: milliseconds since the epoch. */
  nowMs: number;
}) => Decision<Work>;

/**
 * The exactly-once shell: the one writer of one shard.
 *
 * Takes batches from any number of sources, one at a time; loads state, runs the pure function, publishes
 * what must not be lost, and commits work and positions in one transaction that a compare-and-set on the
 * head guards. Whatever happens in between, a batch is counted once: a repeated one lies behind the head,
 * a writer that lost its shard finds the head moved, a crash leaves the head where it was. What the work
 * itself calls for (promotion orders) is published after the commit, from the journal, at least once.
 */
export class ShardWriter<Message extends Positioned, Tip, State, Work> {
  #head: Head<Tip> | null = null;
  /** Work may be committed and not yet published: true until shown otherwise. */
  #publicationPending = true;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly shard: number,
    private readonly store: ShardStore<Message, Tip, State, Work>,
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly decide: Decide<Message, Tip, State, Work>,
  ) {}

  /**
   * Takes a batch, or what of it is still to be taken.
   *
   * @returns the position to read this source from: `batch.next`, or wherever the head says instead
   * @throws SourceTruncatedError where the source no longer holds what comes next
   * @throws whatever the store or the broker rejects with; the batch may then be given again
   */
  take(batch: SourceBatch<Message>): Promise<bigint> {
    return this.#inTurn(async () => {
      const head = await this.#currentHead();
      const position = head.consumed[batch.source] ?? batch.earliest;
      if (batch.from > position) {
        if (position < batch.earliest)
          throw new SourceTruncatedError(
            batch.source,
            this.shard,
            position,
            batch.earliest,
          );
        return position;
      }
      if (batch.next <= position) return position;
      const messages = batch.messages.filter(
        (message) => message.position >= position,
      );
      const moved = await this.#step(head, messages, {
        ...head.consumed,
        [batch.source]: batch.next,
      });
      return moved ? batch.next : this.#positionAfterMove(batch);
    });
  }

  /**
   * Takes messages that come from no source and have no position: the ticks of a timer.
   *
   * @returns false where another writer has the shard and nothing was taken
   */
  takeUnpositioned(messages: readonly Message[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const head = await this.#currentHead();
      return this.#step(head, messages, head.consumed);
    });
  }

  /** The position to read a source from; null where nothing was ever taken from it. */
  positionOf(source: string): Promise<bigint | null> {
    return this.#inTurn(
      async () => (await this.#currentHead()).consumed[source] ?? null,
    );
  }

  /**
   * Forgets the head, so that the next call reads it anew: for a shard that comes back after a while.
   * In its turn: a step under way would take up again what it had known.
   */
  forgetHead(): void {
    void this.#inTurn(() => this.#forgetHead());
  }

  #forgetHead(): void {
    this.#head = null;
    this.#publicationPending = true;
  }

  async #step(
    head: Head<Tip>,
    messages: readonly Message[],
    consumed: Head<Tip>['consumed'],
  ): Promise<boolean> {
    const { shard } = this;
    const nowMs = this.clock.nowMs();
    const { work, publishFirst } = await this.#decide(
      head,
      messages,
      consumed,
      nowMs,
    );
    if (publishFirst.length > 0) await this.broker.publish(publishFirst);
    try {
      const committed = await this.store.commit({
        shard,
        head,
        consumed,
        work,
        nowMs,
      });
      this.#head = committed.head;
      if (committed.publication) await this.#publish(committed.publication);
      return true;
    } catch (error) {
      // Whether or not a failed commit took effect, the stored head knows.
      this.#forgetHead();
      if (error instanceof HeadMovedError) return false;
      throw error;
    }
  }

  /** Decides, and again on more where the work is short of something that the store can get. */
  async #decide(
    head: Head<Tip>,
    messages: readonly Message[],
    consumed: Head<Tip>['consumed'],
    nowMs: number,
  ): Promise<Decision<Work>> {
    const { shard, store } = this;
    let state = await store.load(shard, messages, nowMs, consumed);
    for (let supplies = 0; ; supplies++) {
      const decision = this.decide({ shard, head, state, messages, nowMs });
      if (supplies === SUPPLIES_MAX) return decision;
      const supplied = await store.supply?.(shard, state, decision.work, nowMs);
      if (!supplied) return decision;
      state = supplied;
    }
  }

  async #positionAfterMove(batch: SourceBatch<Message>): Promise<bigint> {
    const head = await this.#currentHead();
    return head.consumed[batch.source] ?? batch.earliest;
  }

  async #currentHead(): Promise<Head<Tip>> {
    this.#head ??= await this.store.readHead(this.shard);
    if (this.#publicationPending) {
      for (;;) {
        const publication = await this.store.unpublished(this.shard);
        if (!publication) break;
        await this.#publish(publication);
      }
      this.#publicationPending = false;
    }
    return this.#head;
  }

  async #publish(publication: Publication): Promise<void> {
    if (publication.messages.length > 0)
      await this.broker.publish(publication.messages);
    await this.store.markPublished(this.shard, publication.through);
  }

  #inTurn<Result>(task: () => Promise<Result> | Result): Promise<Result> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
