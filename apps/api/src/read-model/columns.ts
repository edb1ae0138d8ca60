import type { ColumnOptions, ValueTransformer } from 'typeorm';

const exact: ValueTransformer = {
  // The driver gives int8 as text, since not every value of it is a number.
  from: (text: string | null) => (text === null ? null : BigInt(text)),
  to: (value: bigint | null) => value,
};

/** An int8 column, as a bigint. */
export const int8 = {
  type: 'bigint',
  transformer: exact,
} as const satisfies ColumnOptions;
