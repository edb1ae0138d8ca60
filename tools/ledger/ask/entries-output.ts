import { explainedEntry, type Explanation, type Language } from '@app/ledger';
import type { ToldEntry } from '@app/ledger/postgres';
import { amountText, table, write, writeJson } from './output.js';

/** Prints entries as they come, each with its explanation and its postings. */
export async function printEntries(
  pages: AsyncIterable<ToldEntry[]>,
  {
    asJson,
    language,
    about,
    none,
  }: {
    asJson: boolean;
    /** Of the explanations; JSON has them in both. */
    language: Language;
    /** What stands ahead of the entries in JSON. */
    about: object;
    /** What to say where there are none. */
    none: string;
  },
): Promise<void> {
  const explained = explainedPages(pages);
  if (asJson) return writeJson(about, 'entries', explained);
  let isEmpty = true;
  for await (const page of explained) {
    await write(page.map((entry) => told(entry, language)).join(''));
    isEmpty = false;
  }
  if (isEmpty) await write(`${none}\n`);
}

type ExplainedEntry = ToldEntry & Explanation;

async function* explainedPages(
  pages: AsyncIterable<ToldEntry[]>,
): AsyncGenerator<ExplainedEntry[]> {
  for await (const page of pages) yield page.map(explainedEntry);
}

function told(entry: ExplainedEntry, language: Language): string {
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
  return [
    `${head.join('  ')}\n`,
    `  ${entry.explanation[language]}\n`,
    table(lines, [2]),
    `  ${JSON.stringify(cause)}\n`,
  ].join('');
}
