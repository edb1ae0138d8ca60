import type { FieldPath } from './program-document.js';

/** Two fields of a program file that contradict each other: which one to change, and to what. */
export interface Disagreement {
  path: FieldPath;
  expected: string;
}

/** A mapping of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** No fields where it is none. */
export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** No items where it is no list. */
export function asList(value: unknown): Fields[] {
  return asItems(value).map(asFields);
}

export function asItems(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Milliseconds since the epoch; NaN, which compares with nothing, where it is no time. */
export function asTime(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}

/** NaN, which compares with nothing, where it is no whole number. */
export function asWhole(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : NaN;
}

/** Empty where it is no text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function when(
  wrong: boolean,
  path: FieldPath,
  expected: string,
): Disagreement[] {
  return wrong ? [{ path, expected }] : [];
}

/** Each name that stands further up in its list too. */
export function repeated(
  names: readonly unknown[],
  pathOf: (i: number) => FieldPath,
): Disagreement[] {
  return names.flatMap((name, i) =>
    when(
      typeof name === 'string' && names.indexOf(name) < i,
      pathOf(i),
      `expected another name: "${asText(name)}" stands further up`,
    ),
  );
}
