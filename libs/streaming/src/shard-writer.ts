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

/** A batch that waits for its turn. */
interface Waiting<Message extends Positioned> {
  batch: SourceBatch<Message>;
  resolve: (position: bigint) => void;
  reject: (error: unknown) => void;
}

/**
 * The exactly-once shell: the one writer of one shard.
 *
 * Takes batches from any number of sources, all that wait together in the order they came, since a commit costs more
 * than most batches; loads state, runs the pure function, publishes what must not be lost, and commits work and
 * positions in one transaction that a compare-and-set on the head guards. Whatever happens in between, a batch is
 * counted once: a repeated one lies behind the head, a writer that lost its shard finds the head moved, a crash leaves
 * the head where it was. What the work itself calls for (promotion orders) is published after the commit, from the
 * journal, at least once.
 */
export class ShardWriter<Message extends Positioned, Tip, State, Work> {
  #head: Head<Tip> | null = null;
  /** Work may be committed and not yet published: true until shown otherwise. */
  #publicationPending = true;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting: Waiting<Message>[] = [];

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
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      void this.#inTurn(() => this.#takeWaiting());
    });
  }

  /** All that wait, but for what has another batch of its source ahead of it: that waits for what comes of the other. */
  async #takeWaiting(): Promise<void> {
    const sources = new Set<string>();
    const together: Waiting<Message>[] = [];
    const later: Waiting<Message>[] = [];
    for (const one of this.#waiting) {
      const { source } = one.batch;
      (sources.has(source) ? later : together).push(one);
      sources.add(source);
    }
    this.#waiting = later;
    if (together.length === 0) return;
    try {
      await this.#takeTogether(together);
    } catch (error) {
      // One of them may be to blame, and the others are not to wait for it.
      if (together.length > 1)
        for (const one of together)
          await this.#takeTogether([one]).catch(one.reject);
      else for (const { reject } of together) reject(error);
    }
  }

  async #takeTogether(waiting: readonly Waiting<Message>[]): Promise<void> {
    const head = await this.#currentHead();
    const consumed = { ...head.consumed };
    const messages: Message[] = [];
    const taken: Waiting<Message>[] = [];
    for (const one of waiting) {
      const { batch, resolve, reject } = one;
      const position = head.consumed[batch.source] ?? batch.earliest;
      if (batch.from > position && position < batch.earliest)
        reject(
          new SourceTruncatedError(
            batch.source,
            this.shard,
            position,
            batch.earliest,
          ),
        );
      else if (batch.from > position || batch.next <= position)
        resolve(position);
      else {
        taken.push(one);
        consumed[batch.source] = batch.next;
        for (const message of batch.messages)
          if (message.position >= position) messages.push(message);
      }
    }
    if (taken.length === 0) return;
    const moved = await this.#step(head, messages, consumed);
    for (const { batch, resolve } of taken)
      resolve(moved ? batch.next : await this.#positionAfterMove(batch));
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
