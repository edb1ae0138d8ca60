/**
 * Divides what is cut from a budget: its home gives what it has, then the other shards, in their order, as far as it
 * takes. What nobody has is asked of the home, which cuts as much as there is by then.
 *
 * @param size more than nothing
 * @param pools by shard, what is left there
 */
export function divideCut(
  size: bigint,
  home: number,
  pools: ReadonlyMap<number, bigint>,
): { shard: number; amount: bigint }[] {
  const atHome = pools.get(home) ?? 0n;
  const others = [...pools].filter(([shard]) => shard !== home);
  let left = size;
  const cut = (of: bigint) => {
    const amount = of < left ? of : left;
    left -= amount;
    return amount;
  };
  const fromHome = cut(atHome);
  const fromOthers = others
    .sort(([one], [other]) => one - other)
    .map(([shard, has]) => ({ shard, amount: cut(has) }));
  return [{ shard: home, amount: fromHome + left }, ...fromOthers].filter(
    ({ amount }) => amount > 0n,
  );
}
