import { hash } from 'node:crypto';
import type { Slot } from './spending-policy.js';

const SHARE = 0.001;
/** Of small slots a greater share, up to so many impressions. */
const SMALL_SHARE = 0.005;
const SMALL_PROBE = 8;
/** Of so many a fraction is of no account, and drawing takes its time. */
const MANY_STEPS = 8;

/**
 * The impressions that a slot is given however little is expected of it: what nobody has tried nobody knows. This is
 * the exploration. In the mean it is a small share of the slot's room, given in whole steps: of slots whose share is
 * less than a step, as many are drawn as come to the same. The seed is the target and the instant, so that the same slot
 * is given the same again.
 *
 * @param step the fewest impressions on which a report tells something
 */
export function probeOf(slot: Slot, step = 1): number {
  const { capacity } = slot;
  const share = Math.max(
    SHARE * capacity,
    Math.min(SMALL_PROBE, SMALL_SHARE * capacity),
  );
  const steps = share / step;
  const drawn =
    steps < MANY_STEPS ? Math.floor(steps + drawOf(slot)) : Math.ceil(steps);
  return Math.min(capacity, step * drawn);
}

/** From 0 to less than 1, each as likely. */
function drawOf({ targetId, atMs }: Slot): number {
  const bytes = hash('sha256', `${targetId}/${atMs}`, 'buffer');
  return bytes.readUInt32BE() / 2 ** 32;
}
