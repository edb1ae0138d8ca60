/** Texts that stand in JSON as they are: nearly all, and quicker told than `JSON.stringify` is called. */
const AS_IT_IS = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * `JSON.stringify`, but for bigints: they become integers with every digit, which it has no way to write.
 *
 * @returns undefined for what JSON cannot say, e.g. undefined itself or a function
 */
export function toExactJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return textToJson(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (hasToJson(value)) return toExactJson(value.toJSON());
  return Array.isArray(value) ? listToJson(value) : membersToJson(value);
}

function textToJson(text: string): string {
  return AS_IT_IS.test(text) ? `"${text}"` : JSON.stringify(text);
}

function listToJson(list: readonly unknown[]): string {
  let items = '';
  for (let i = 0; i < list.length; i += 1)
    items += `${i > 0 ? ',' : ''}${toExactJson(list[i]) ?? 'null'}`;
  return `[${items}]`;
}

function membersToJson(value: object): string {
  let members = '';
  for (const name of Object.keys(value)) {
    const json = toExactJson((value as Record<string, unknown>)[name]);
    if (json === undefined) continue;
    members += `${members === '' ? '' : ','}${textToJson(name)}:${json}`;
  }
  return `{${members}}`;
}

function hasToJson(value: object): value is { toJSON: () => unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}
