import {
  countParcels,
  simulateWorld,
  type Counted,
  type Parcel,
  type Tip,
  type Work,
} from '../test/simulated-world.js';
import { ShardWriters } from './shard-writers.js';

describe('the writers of a process', () => {
  function start() {
    let reads = 0;
    const { store, broker, clock } = simulateWorld((operation) => {
      if (operation === 'read head') reads += 1;
      return 'none';
    });
    const writers = new ShardWriters<Parcel, Tip, Counted, Work>(
      store,
      broker,
      clock,
      countParcels,
    );
    return { writers, countReads: () => reads };
  }

  it('are one to a shard', () => {
    const { writers } = start();
    expect(writers.of(3)).toBe(writers.of(3));
    expect(writers.of(3)).not.toBe(writers.of(4));
    expect(writers.of(3).shard).toBe(3);
  });

  it('read the head again of a shard that was away, and of no other', async () => {
    const { writers, countReads } = start();
    writers.assign([3]);
    await writers.of(3).positionOf('activity');
    writers.assign([3, 4]);
    await writers.of(3).positionOf('activity');
    expect(countReads()).toBe(1);
    writers.assign([4]);
    writers.assign([3]);
    await writers.of(3).positionOf('activity');
    expect(countReads()).toBe(2);
    expect(writers.assigned).toEqual([3]);
  });
});
