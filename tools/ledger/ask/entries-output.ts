import type { ToldEntry } from '@app/ledger/postgres';
import { amountText, table, write, writeJson } from './output.js';

/** Prints entries as they come, each with its postings. */
export async function printEntries(
  pages: AsyncIterable<ToldEntry[]>,
  {
    asJson,
    about,
    none,
  }: {
    asJson: boolean;
    /** What stands ahead of the entries in JSON. */
    about: object;
    /** What to say where there are none. */
    none: string;
  },
): Promise<void> {
  if (asJson) return writeJson(about, 'entries', pages);
  let isEmpty = true;
  for await (const page of pages) {
    await write(page.map(told).join(''));
    isEmpty = false;
  }
  if (isEmpty) await write(`${none}\n`);
}

function told(entry: ToldEntry): string {
  const { entryId, kind, merchantId, recordedAt, postings, cause } = entry;
  const head = [
    entryId,
    kind,
    ...(merchantId === null ? [] : [`of ${merchantId}`]),
    `recorded ${recordedAt.toISOString()}`,
  ];
  const lines = postings.map(({ account, unit, amount, lotId }) => [
    `  ${account}`,
    unit,
    amountText(amount),
    lotId ?? '',
  ]);
  return `${head.join('  ')}\n${table(lines, [2])}  ${JSON.stringify(cause)}\n`;
}
