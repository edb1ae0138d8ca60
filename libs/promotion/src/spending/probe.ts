import { hash } from 'node:crypto';
import type { Slot } from './spending-policy.js';

const SHARE = 0.001;
/** Of small slots a greater share, up to so many impressions. */
const SMALL_SHARE = 0.005;
const SMALL_PROBE = 8;

/**
 * The impressions that a slot is given however little is expected of it: what nobody has tried nobody knows. This is
 * the exploration. A report on few impressions tells of the slot's rate as much as one on many, so that little is
 * enough, everywhere, and nothing is to be gained by drawing the slots to try, as Thompson sampling does.
 *
 * Drawn is only what becomes of the fraction of an impression that a small slot is due: it is a whole one as often as
 * makes up for those that are none. The seed is the target and the instant, so that the same slot is given the same
 * again.
 */
export function probeOf(slot: Slot): number {
  const { capacity } = slot;
  const ofSmall = SMALL_SHARE * capacity;
  return ofSmall < SMALL_PROBE
    ? Math.floor(ofSmall + drawOf(slot))
    : Math.max(SMALL_PROBE, Math.ceil(SHARE * capacity));
}

/** From 0 to less than 1, each as likely. */
function drawOf({ targetId, atMs }: Slot): number {
  const bytes = hash('sha256', `${targetId}/${atMs}`, 'buffer');
  return bytes.readUInt32BE() / 2 ** 32;
}
