import type { JsonInteger } from '@app/ledger';

/**
 * A whole number of any size: a `number` up to 2^53 - 1 either way, a `bigint` beyond. Nearly all that is counted is small,
 * and numbers are counted and compared many times faster.
 */
export type Exact = number | bigint;

export function exact(whole: bigint): Exact {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

export function sum(one: Exact, other: Exact): Exact {
  if (typeof one === 'number' && typeof other === 'number') {
    // Where the true sum is beyond 2^53 - 1, so is the rounded one.
    const rounded = one + other;
    if (Number.isSafeInteger(rounded)) return rounded;
  }
  return exact(BigInt(one) + BigInt(other));
}

export function difference(one: Exact, other: Exact): Exact {
  return sum(one, negative(other));
}

export function negative(whole: Exact): Exact {
  return typeof whole === 'number' ? 0 - whole : -whole;
}

/** In JSON, values beyond 2^53 - 1 are decimal strings, so that no reader rounds them. */
export function exactToJson(whole: Exact): JsonInteger {
  return typeof whole === 'number' ? whole : whole.toString();
}

export function exactFromJson(json: JsonInteger): Exact {
  return typeof json === 'number' ? json : exact(BigInt(json));
}
