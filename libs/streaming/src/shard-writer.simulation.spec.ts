import fc from 'fast-check';
import { simulate } from '../test/simulation.js';

const SEEDS = 5_000;

describe('whatever fails, comes twice, skips, stalls or writes beside it', () => {
  it('a shard counts every message once and in order, and publishes what that calls for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.integer()), async (seed) => {
        const { world, sources, ticks, everyParcel } = await simulate(seed);
        expect(world.broken).toEqual([]);

        const counted = world.counted();
        for (const { name, parcels } of sources)
          expect(counted.filter((its) => its.startsWith(name))).toEqual(
            parcels.map((parcel) => parcel.name),
          );

        expect(new Set(counted).size).toBe(counted.length);
        expect(ticks.taken.filter((name) => !counted.includes(name))).toEqual(
          [],
        );
        expect(ticks.refused.filter((name) => counted.includes(name))).toEqual(
          [],
        );

        const ordered = world.published('orders');
        const called = everyParcel.filter(
          ({ name, callsForOrder }) => callsForOrder && counted.includes(name),
        );
        expect(called.filter(({ name }) => !ordered.includes(name))).toEqual(
          [],
        );
      }),
      { numRuns: SEEDS },
    );
  }, 60_000);

  it('happens as the seed says, so that a failure can be looked at again', async () => {
    const [first, second] = [await simulate(7), await simulate(7)];
    expect(second.world.counted()).toEqual(first.world.counted());
    expect(second.world.published('orders')).toEqual(
      first.world.published('orders'),
    );
  });
});
