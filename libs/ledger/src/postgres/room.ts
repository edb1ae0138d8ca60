/** The same numbers, with room for `count` of them: each time twice as many, so that they are seldom copied. */
export function roomFor<Numbers extends Float64Array | Int32Array | Uint8Array>(
  numbers: Numbers,
  count: number,
): Numbers {
  return count <= numbers.length ? numbers : copyWithRoom(numbers, count);
}

function copyWithRoom<Numbers extends Float64Array | Int32Array | Uint8Array>(
  numbers: Numbers,
  count: number,
): Numbers {
  const OfKind = numbers.constructor as new (length: number) => Numbers;
  const more = new OfKind(Math.max(count, 2 * numbers.length));
  more.set(numbers);
  return more;
}
