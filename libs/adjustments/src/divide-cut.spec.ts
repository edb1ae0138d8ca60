import { divideCut } from './divide-cut.js';

describe('a cut', () => {
  const pools = new Map([
    [5, 10n],
    [2, 30n],
    [9, 0n],
    [0, 7n],
  ]);

  it.each([
    ['is of the home while it has enough', 30n, [[2, 30n]]],
    ['goes on in the other shards', 38n, [[2, 30n], [0, 7n], [5, 1n]]], // prettier-ignore
    ['asks of the home what nobody has', 50n, [[2, 33n], [0, 7n], [5, 10n]]], // prettier-ignore
  ] as [string, bigint, [number, bigint][]][])('%s', (_, size, cuts) => {
    expect(
      divideCut(size, 2, pools).map(({ shard, amount }) => [shard, amount]),
    ).toEqual(cuts);
  });

  it('of a pool that is empty is asked of the home', () => {
    expect(divideCut(5n, 3, new Map())).toEqual([{ shard: 3, amount: 5n }]);
  });
});
