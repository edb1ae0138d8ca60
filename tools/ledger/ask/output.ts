import stringWidth from 'string-width';
import { toExactJson } from '../../../apps/api/src/exact-json.js';

const NUMBER = new Intl.NumberFormat('en-US');

/** Writes to standard output, and waits where whoever reads it is slower. */
export function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** An amount for people: with separators, and every digit. */
export function amountText(amount: bigint): string {
  return NUMBER.format(amount);
}

/**
 * Lines of columns, each as wide as its widest cell; a Chinese character is as wide as two others.
 *
 * @param right the columns that hold amounts
 */
export function table(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, stringWidth(cell));
    });
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => {
        const padding = ' '.repeat(widths[i]! - stringWidth(cell));
        return right.includes(i) ? padding + cell : cell + padding;
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** JSON with every digit of its integers. */
export function json(value: object): string {
  return toExactJson(value)!;
}

/** Writes one JSON object with a list of any length in it, an item a line; what comes behind it is asked for last. */
export async function writeJson(
  before: object,
  name: string,
  pages: AsyncIterable<readonly object[]>,
  behind: () => object = () => ({}),
): Promise<void> {
  await write(`{${members(before)}"${name}":[`);
  let separator = '\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    await write(`${separator}${page.map(json).join(',\n')}`);
    separator = ',\n';
  }
  const last = members(behind());
  await write(`\n]${last ? `,${last.slice(0, -1)}` : ''}}\n`);
}

/** The members of an object, each with a comma behind it. */
function members(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${toExactJson(member)},`)
    .join('');
}
