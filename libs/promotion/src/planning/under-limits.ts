import {
  totalOf,
  type Allocation,
  type SpendableLot,
} from '../spending/index.js';

/** Cuts an allocation to what limits leave, and fills it up, first-expiring first, to the least that they ask for. */
export function underLimits(
  allocations: readonly Allocation[],
  { most, least }: { most: number; least: number },
  usable: readonly SpendableLot[],
): Allocation[] {
  const wanted = totalOf(allocations);
  if (wanted === 0 || most < least) return [];
  if (wanted >= least) return firstOf(allocations, most);
  const all = usable.map(({ lotId, available }) => ({
    lotId,
    impressions: available,
  }));
  const raised = firstOf(all, least);
  return totalOf(raised) < least ? [] : raised;
}

/** As much of the allocations, in their order, as there is room for. */
export function firstOf(
  allocations: readonly Allocation[],
  most: number,
): Allocation[] {
  let left = most;
  return allocations.flatMap(({ lotId, impressions }) => {
    const taken = Math.min(impressions, left);
    left -= taken;
    return taken > 0 ? [{ lotId, impressions: taken }] : [];
  });
}
