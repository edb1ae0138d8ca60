import type { Allocation, SpendableLot } from '@app/promotion';

/** Takes of the lots, in their order, as much as there is and `most` allows, until the room is full. */
export function fill(
  room: number,
  lots: readonly SpendableLot[],
  most: (lot: SpendableLot) => number = ({ available }) => available,
): Allocation[] {
  const allocations: Allocation[] = [];
  let left = room;
  for (const lot of lots) {
    const allowed = Math.max(0, Math.floor(most(lot)));
    const impressions = Math.min(left, lot.available, allowed);
    if (impressions > 0) allocations.push({ lotId: lot.lotId, impressions });
    left -= impressions;
  }
  return allocations;
}
