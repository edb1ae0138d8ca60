import { createHash } from 'node:crypto';

const TWO_TO_32 = 2 ** 32;
/** As many as PractRand itself draws before a freshly seeded generator counts as mixed. */
const MIXING_ROUNDS = 12;
/** Above this mean, a Poisson variable is drawn as a rounded normal one: the product method would underflow. */
const LARGEST_EXACT_POISSON_MEAN = 30;

/**
 * Chance that can be repeated: the generator sfc32 of Chris Doty-Humphrey's PractRand, seeded with the
 * SHA-256 of a text. Texts that differ give streams that have nothing to do with each other.
 *
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.#a = digest.readUInt32LE(0);
    this.#b = digest.readUInt32LE(4);
    this.#c = digest.readUInt32LE(8);
    for (let round = 0; round < MIXING_ROUNDS; round += 1) this.#next();
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.#next() / TWO_TO_32;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  /** A whole number, uniform from low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** The index of one of the weights, each as likely as it is heavy. */
  weighted(weights: readonly number[]): number {
    let left = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => (left -= weight) < 0);
    return index === -1 ? weights.length - 1 : index;
  }

  /** Standard normal, by Box and Muller's transform. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return radius * Math.cos(2 * Math.PI * this.unit());
  }

  /** Log-normal: half of all values are below the median; `sigma` is the spread of their logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Between two positive numbers: each doubling is as likely as the other. */
  logUniform(low: number, high: number): number {
    return low * (high / low) ** this.unit();
  }

  /** How many of something happen where `mean` are to be expected; by Knuth's product of uniforms. */
  poisson(mean: number): number {
    if (mean > LARGEST_EXACT_POISSON_MEAN)
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.unit(); product > limit; product *= this.unit())
      count += 1;
    return count;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
