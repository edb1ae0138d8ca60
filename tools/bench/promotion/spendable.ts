import type { Slot, TraceLot } from '@app/promotion';

const UNITS_OF = {
  live: ['LIVE_IMP', 'ANY_IMP'],
  short_video: ['VIDEO_IMP', 'ANY_IMP'],
};

/** Whether a lot of the slot's merchant may be given to it. */
export function isSpendable(
  lot: Pick<TraceLot, 'unit' | 'atMs' | 'expiresAtMs'>,
  slot: Pick<Slot, 'placement' | 'atMs'>,
): boolean {
  return (
    lot.atMs <= slot.atMs &&
    slot.atMs < lot.expiresAtMs &&
    UNITS_OF[slot.placement].includes(lot.unit)
  );
}
