import { hash } from 'node:crypto';
import type { Slot } from './spending-policy.js';

export const SHARE = 0.001;
/** Of small slots a greater share, up to so many impressions. */
export const SMALL_SHARE = 0.005;
export const SMALL_PROBE = 8;
/** Of so many a fraction is of no account, and drawing takes its time. */
export const MANY_STEPS = 8;

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
  const steps = stepsOf(slot, step);
  const drawn =
    steps < MANY_STEPS ? Math.floor(steps + drawOf(slot)) : Math.ceil(steps);
  return Math.min(capacity, step * drawn);
}

/** What {@link probeOf} draws with: the target and the instant in milliseconds; null where it draws nothing. */
export function probeSeedOf(slot: Slot, step = 1): string | null {
  return stepsOf(slot, step) < MANY_STEPS ? seedOf(slot) : null;
}

/** The share of a slot that is tried, in steps, as a rule no whole number of them. */
function stepsOf({ capacity }: Slot, step: number): number {
  const share = Math.max(
    SHARE * capacity,
    Math.min(SMALL_PROBE, SMALL_SHARE * capacity),
  );
  return share / step;
}

function seedOf({ targetId, atMs }: Slot): string {
  return `${targetId}/${atMs}`;
}

/** From 0 to less than 1, each as likely. */
function drawOf(slot: Slot): number {
  const bytes = hash('sha256', seedOf(slot), 'buffer');
  return bytes.readUInt32BE() / 2 ** 32;
}
