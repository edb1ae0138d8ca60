import { mayBeSpentIn, type Slot, type TraceLot } from '@app/promotion';

/** Whether a lot of the slot's merchant may be given to it. */
export function isSpendable(
  lot: Pick<TraceLot, 'unit' | 'atMs' | 'expiresAtMs'>,
  slot: Pick<Slot, 'placement' | 'atMs'>,
): boolean {
  return (
    lot.atMs <= slot.atMs &&
    slot.atMs < lot.expiresAtMs &&
    mayBeSpentIn(lot.unit, slot.placement)
  );
}
