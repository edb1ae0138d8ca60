import { hash } from 'node:crypto';

/** Where in a program, and for whom, an amount is drawn. */
export interface DrawPlace {
  program: string;
  period: string;
  merchantId: string;
  goal: string;
  tier: string;
  /** The place of the reward in its tier, from 0. */
  reward: number;
}

/** What a draw is made from: SHA-256, in hex, over the place's parts as UTF-8, each ended by a line feed. */
export function drawSeed(place: DrawPlace): string {
  const { program, period, merchantId, goal, tier, reward } = place;
  const parts = [program, period, merchantId, goal, tier, String(reward)];
  return hash('sha256', parts.map((part) => `${part}\n`).join(''));
}

/**
 * An amount from `from` to `to`, both included: the seed's first eight bytes, big-endian, modulo their number. The
 * same seed draws the same. The bias of the modulo is below 2^-10 for spans up to 2^53.
 */
export function drawn(seed: string, from: bigint, to: bigint): bigint {
  return from + (BigInt(`0x${seed.slice(0, 16)}`) % (to - from + 1n));
}
