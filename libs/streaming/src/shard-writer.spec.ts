import {
  countParcels,
  simulateWorld,
  type Counted,
  type Fault,
  type Parcel,
  type Tip,
  type Work,
} from '../test/simulated-world.js';
import { ShardWriter, type SourceBatch } from './shard-writer.js';

const SOURCE = 'activity';

function parcel(position: number, change: Partial<Parcel> = {}): Parcel {
  return {
    name: `${SOURCE}/${position}`,
    position: BigInt(position),
    isRefused: false,
    callsForOrder: false,
    ...change,
  };
}

/** A batch of parcels at these positions, read from the first of them and on to after the last. */
function batchOf(
  positions: number[],
  change: Partial<SourceBatch<Parcel>> = {},
): SourceBatch<Parcel> {
  return {
    source: SOURCE,
    shard: 3,
    from: BigInt(positions[0]!),
    next: BigInt(positions.at(-1)! + 1),
    earliest: 0n,
    messages: positions.map((position) => parcel(position)),
    ...change,
  };
}

function start(faultOf?: (operation: string) => Fault) {
  const world = simulateWorld(faultOf);
  const { store, broker, clock } = world;
  const startWriter = () =>
    new ShardWriter<Parcel, Tip, Counted, Work>(
      3,
      store,
      broker,
      clock,
      countParcels,
    );
  return { world, writer: startWriter(), startWriter };
}

/** Fails at these operations: `commit 2` is the second commit. */
function failing(fault: Fault, ...calls: string[]) {
  const counts = new Map<string, number>();
  return (operation: string): Fault => {
    const count = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, count);
    return calls.includes(`${operation} ${count}`) ? fault : 'none';
  };
}

describe('the writer of a shard', () => {
  it('answers with the position after the batch that it took', async () => {
    const { world, writer } = start();
    expect(await writer.take(batchOf([0, 1, 2]))).toBe(3n);
    expect(world.counted()).toEqual(['activity/0', 'activity/1', 'activity/2']);
    expect(await writer.positionOf(SOURCE)).toBe(3n);
    expect(await writer.positionOf('delivery')).toBeNull();
  });

  it('counts of a batch only what it has not counted', async () => {
    const { world, writer } = start();
    await writer.take(batchOf([0, 1]));
    expect(await writer.take(batchOf([0, 1]))).toBe(2n);
    expect(await writer.take(batchOf([1, 2]))).toBe(3n);
    expect(world.counted()).toEqual(['activity/0', 'activity/1', 'activity/2']);
  });

  it('takes no batch from further on, and says where to go on', async () => {
    const { world, writer } = start();
    await writer.take(batchOf([0, 1]));
    expect(await writer.take(batchOf([3, 4]))).toBe(2n);
    expect(world.counted()).toHaveLength(2);
  });

  it('begins with the first message that the source holds', async () => {
    const { world, writer } = start();
    expect(await writer.take(batchOf([7], { earliest: 5n }))).toBe(5n);
    expect(await writer.take(batchOf([5, 6], { earliest: 5n }))).toBe(7n);
    expect(world.counted()).toEqual(['activity/5', 'activity/6']);
  });

  it('goes past offsets that hold nothing', async () => {
    const { world, writer } = start();
    await writer.take(batchOf([0, 4], { next: 9n }));
    expect(await writer.take(batchOf([12], { from: 9n }))).toBe(13n);
    expect(world.counted()).toEqual([
      'activity/0',
      'activity/4',
      'activity/12',
    ]);
  });

  it('stops where the source has lost what comes next, and says what to do', async () => {
    const { world, writer } = start();
    await writer.take(batchOf([0, 1]));
    await expect(
      writer.take(batchOf([5, 6], { earliest: 5n })),
    ).rejects.toThrow(
      'activity/3 begins at 5 but 2 is still to be taken: restore the missing messages',
    );
    expect(world.counted()).toHaveLength(2);
  });

  it('takes batches one at a time in the order they came, from whichever source', async () => {
    const { world, writer } = start();
    const delivery = {
      source: 'delivery',
      messages: [parcel(0, { name: 'd' })],
    };
    const answers = await Promise.all([
      writer.take(batchOf([0])),
      writer.take(batchOf([0], delivery)),
      writer.take(batchOf([1])),
    ]);
    expect(answers).toEqual([1n, 1n, 2n]);
    expect(world.counted()).toEqual(['activity/0', 'd', 'activity/1']);
  });

  it('commits together what waits from several sources, those of one source one after the other', async () => {
    const commits: string[][] = [];
    const { world, writer } = start((operation) => {
      if (operation === 'commit') commits.push(world.counted());
      return 'none';
    });
    const fromDelivery = { source: 'delivery', messages: [] };
    await Promise.all([
      writer.take(batchOf([0])),
      writer.take(batchOf([0], fromDelivery)),
      writer.take(batchOf([1])),
      writer.take(batchOf([0], { ...fromDelivery, source: 'grants' })),
    ]);
    expect(commits).toEqual([[], ['activity/0']]);
    expect(await writer.positionOf('grants')).toBe(1n);
  });

  it('takes the others by themselves where one of them fails', async () => {
    const { world, writer } = start(
      failing('before', 'publish 1', 'publish 2'),
    );
    const refused = batchOf([0], {
      messages: [parcel(0, { isRefused: true })],
    });
    const delivery = {
      source: 'delivery',
      messages: [parcel(0, { name: 'd' })],
    };
    const answers = await Promise.allSettled([
      writer.take(refused),
      writer.take(batchOf([0], delivery)),
    ]);
    expect(answers).toMatchObject([
      { status: 'rejected' },
      { status: 'fulfilled', value: 1n },
    ]);
    expect(world.counted()).toEqual(['d']);
    expect(await writer.take(refused)).toBe(1n);
  });

  it('that has lost its shard writes nothing and learns the new position', async () => {
    const { world, writer, startWriter } = start();
    await writer.take(batchOf([0]));
    await startWriter().take(batchOf([1, 2, 3]));
    expect(await writer.take(batchOf([1, 2]))).toBe(4n);
    expect(await writer.take(batchOf([4]))).toBe(5n);
    expect(world.counted()).toHaveLength(5);
  });

  it('says so where a tick found that another has the shard', async () => {
    const { world, writer, startWriter } = start();
    await writer.take(batchOf([0]));
    await startWriter().take(batchOf([1]));
    const tick = parcel(-1, { name: 'tick' });
    expect(await writer.takeUnpositioned([tick])).toBe(false);
    expect(world.counted()).not.toContain('tick');
    expect(await writer.takeUnpositioned([tick])).toBe(true);
    expect(world.counted().at(-1)).toBe('tick');
  });
});

describe('a failure', () => {
  it.each([
    ['read head', 'before'],
    ['load', 'before'],
    ['commit', 'before'],
    ['commit', 'after'],
  ] as const)(
    'of "%s" %s it took effect costs nothing: the batch comes again',
    async (operation, fault) => {
      const { world, writer } = start(failing(fault, `${operation} 1`));
      await expect(writer.take(batchOf([0, 1]))).rejects.toThrow(operation);
      expect(await writer.take(batchOf([0, 1]))).toBe(2n);
      expect(world.counted()).toEqual(['activity/0', 'activity/1']);
    },
  );

  it('to send on a refused message leaves its batch uncommitted', async () => {
    const { world, writer } = start(failing('before', 'publish 1'));
    const batch = batchOf([0], { messages: [parcel(0, { isRefused: true })] });
    await expect(writer.take(batch)).rejects.toThrow('publish');
    expect(world.counted()).toEqual([]);
    await writer.take(batch);
    expect(world.published('dead-letters')).toEqual(['activity/0']);
  });
});

describe('what committed work calls for', () => {
  const calling = batchOf([0, 1], {
    messages: [0, 1].map((at) => parcel(at, { callsForOrder: true })),
  });

  it('is published at once, and once where nothing fails', async () => {
    const { world, writer, startWriter } = start();
    await writer.take(calling);
    expect(world.published('orders')).toEqual(['activity/0', 'activity/1']);
    await startWriter().take(batchOf([2]));
    expect(world.published('orders')).toHaveLength(2);
  });

  it.each(['before', 'midway', 'after'] as const)(
    'is published before anything else where that failed %s',
    async (fault) => {
      const { world, writer } = start(failing(fault, 'publish 1'));
      await expect(writer.take(calling)).rejects.toThrow('publish');
      expect(await writer.take(calling)).toBe(2n);
      expect(world.published('orders').slice(-2)).toEqual([
        'activity/0',
        'activity/1',
      ]);
      expect(world.counted()).toHaveLength(2);
    },
  );

  it('is published to the last page by whoever has the shard next', async () => {
    const { world, writer, startWriter } = start(
      failing('before', 'publish 1', 'unpublished 3'),
    );
    const messages = [0, 1, 2, 3, 4].map((at) =>
      parcel(at, { callsForOrder: at === 4 }),
    );
    const batch = batchOf([0, 4], { messages });
    await expect(writer.take(batch)).rejects.toThrow('publish');
    const next = startWriter();
    // Fails between two pages.
    await expect(next.take(batchOf([5]))).rejects.toThrow('unpublished');
    await next.take(batchOf([5]));
    expect(world.published('orders')).toEqual(['activity/4']);
  });

  describe('that is short of something', () => {
    /** Parcels are counted from what is had on; each supply has one more, up to `most`. */
    function startShort(most: number) {
      const { store, broker, clock, ...world } = simulateWorld();
      const decided: number[] = [];
      const supply = (_shard: number, state: Counted) =>
        Promise.resolve(state < most ? state + 1 : null);
      const writer = new ShardWriter<Parcel, Tip, Counted, Work>(
        3,
        { ...store, supply },
        broker,
        clock,
        (input) => {
          decided.push(input.state);
          // What is counted is the same, whatever it is decided on.
          return countParcels({ ...input, state: 0 });
        },
      );
      return { world, writer, decided };
    }

    it('decides again on what the store has got, and commits once', async () => {
      const { world, writer, decided } = startShort(2);
      expect(await writer.take(batchOf([0, 1]))).toBe(2n);
      expect(decided).toEqual([0, 1, 2]);
      expect(world.counted()).toEqual(['activity/0', 'activity/1']);
    });

    it('decides on what it has got where there is always more', async () => {
      const { world, writer, decided } = startShort(Infinity);
      await writer.take(batchOf([0]));
      expect(decided).toHaveLength(11);
      expect(world.counted()).toEqual(['activity/0']);
    });
  });
});
