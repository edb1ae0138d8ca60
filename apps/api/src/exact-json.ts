/**
 * `JSON.stringify`, but for bigints: they become integers with every digit, which it has no way to write.
 *
 * @returns undefined for what JSON cannot say, e.g. undefined itself or a function
 */
export function toExactJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (hasToJson(value)) return toExactJson(value.toJSON());
  if (Array.isArray(value))
    return `[${value.map((item) => toExactJson(item) ?? 'null').join(',')}]`;
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const json = toExactJson(member);
    if (json !== undefined) members.push(`${JSON.stringify(name)}:${json}`);
  }
  return `{${members.join(',')}}`;
}

function hasToJson(value: object): value is { toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
