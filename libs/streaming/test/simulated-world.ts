import {
  HeadMovedError,
  type Broker,
  type Commit,
  type Committed,
  type Decide,
  type Head,
  type OutgoingMessage,
  type Positioned,
  type Publication,
  type ShardStore,
} from '@app/streaming';

/** A message of the simulated sources. */
export interface Parcel extends Positioned {
  /** `source/position`; ticks have names of their own. */
  name: string;
  /** It cannot be counted, and goes on as a dead letter. */
  isRefused: boolean;
  /** Counting it calls for a promotion order. */
  callsForOrder: boolean;
}

/** How many parcels were counted before: what deciding needs to know. */
export type Counted = number;
/** How many parcels were counted when the head was moved. */
export type Tip = number;

export interface Work {
  basedOn: Counted;
  parcels: readonly Parcel[];
}

/** What goes wrong with an operation: before or after it takes effect, or in the middle of a publication. */
export type Fault = 'none' | 'before' | 'midway' | 'after';

/** A pure function like those of the apps: counts parcels, in order. */
export const countParcels: Decide<Parcel, Tip, Counted, Work> = ({
  state,
  messages,
}) => ({
  work: { basedOn: state, parcels: messages },
  publishFirst: messages
    .filter(({ isRefused }) => isRefused)
    .map(({ name }) => outgoing('dead-letters', name)),
});

export class SimulatedError extends Error {}

/** What `unpublished` looks through at a time. */
const PAGE = 2;

/**
 * The broker and the store of one shard in memory, which fail as real ones do.
 *
 * @param faultOf asked once for every operation, by its name
 * @param pause where anything else may happen in between
 */
export function simulateWorld(
  faultOf: (operation: string) => Fault = () => 'none',
  pause: () => Promise<void> = () => Promise.resolve(),
) {
  let head: Head<Tip> = { revision: 0n, consumed: {}, tip: 0 };
  let publishedThrough = 0;
  const counted: Parcel[] = [];
  const published: OutgoingMessage[] = [];
  const broken: string[] = [];

  async function perform<Result>(
    operation: string,
    effect: () => Result,
  ): Promise<Result> {
    await pause();
    const fault = faultOf(operation);
    if (fault === 'before')
      throw new SimulatedError(`${operation}: connection lost`);
    const result = effect();
    await pause();
    if (fault === 'after') throw new SimulatedError(`${operation}: no answer`);
    return result;
  }

  /** What parcels call for, the last of them the `through`th that was counted. */
  function publicationOf(
    parcels: readonly Parcel[],
    through: number,
  ): Publication | null {
    if (parcels.length === 0) return null;
    return {
      messages: parcels
        .filter(({ callsForOrder }) => callsForOrder)
        .map(({ name }) => outgoing('orders', name)),
      through: BigInt(through),
    };
  }

  function unpublished(): Publication | null {
    const parcels = counted.slice(publishedThrough, publishedThrough + PAGE);
    return publicationOf(parcels, publishedThrough + parcels.length);
  }

  function isPublished(topic: string, name: string): boolean {
    return published.some(
      (message) => message.topic === topic && message.key === name,
    );
  }

  const broker: Broker = {
    async publish(messages) {
      await pause();
      const fault = faultOf('publish');
      for (const [i, message] of messages.entries()) {
        if (fault === 'before') break;
        if (fault === 'midway' && i >= messages.length / 2) break;
        published.push(message);
        if (
          message.topic === 'orders' &&
          !counted.some(({ name }) => name === message.key)
        )
          broken.push(`${String(message.key)} is ordered and not committed`);
        await pause();
      }
      if (fault !== 'none')
        throw new SimulatedError('publish: not acknowledged');
    },
  };

  const store: ShardStore<Parcel, Tip, Counted, Work> = {
    readHead: () => perform('read head', () => head),
    load: () => perform('load', () => counted.length),
    commit: (commit) => perform('commit', () => commitOnce(commit)),
    unpublished: () => perform('unpublished', unpublished),
    markPublished: (_, through) =>
      perform('mark published', () => {
        publishedThrough = Math.max(publishedThrough, Number(through));
      }),
  };

  function commitOnce(commit: Commit<Tip, Work>): Committed<Tip> {
    const { work } = commit;
    if (commit.head.revision !== head.revision)
      throw new HeadMovedError(commit.shard);
    if (work.basedOn !== counted.length)
      broken.push(`decided on ${work.basedOn} parcels of ${counted.length}`);
    for (const { name, isRefused } of work.parcels) {
      if (isRefused && !isPublished('dead-letters', name))
        broken.push(`${name} is committed and no dead letter`);
    }
    counted.push(...work.parcels);
    head = {
      revision: head.revision + 1n,
      consumed: commit.consumed,
      tip: counted.length,
    };
    return { head, publication: publicationOf(work.parcels, counted.length) };
  }

  return {
    broker,
    store,
    clock: { nowMs: () => 0 },
    /** Promises that were broken on the way. */
    broken,
    /** What was counted, in order. */
    counted: () => counted.map(({ name }) => name),
    published: (topic: string) =>
      published
        .filter((message) => message.topic === topic)
        .map(({ key }) => key as string),
    position: (source: string) => head.consumed[source],
  };
}

function outgoing(topic: string, key: string): OutgoingMessage {
  return { topic, key, value: null };
}
