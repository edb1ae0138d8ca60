import { UsageError } from './cli.js';

/**
 * A whole number that an option was given.
 *
 * @throws UsageError where it is none, or less than `least`
 */
export function parseCount(
  option: string,
  text: string,
  least: number,
): number {
  const count = Number(text);
  if (!/^\d{1,10}$/.test(text) || count < least)
    throw new UsageError(
      `--${option} is "${text}": expected a whole number from ${least} on.`,
    );
  return count;
}
