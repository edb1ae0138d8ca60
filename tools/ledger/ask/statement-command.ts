import {
  describeMoment,
  explainLines,
  type AccountBalance,
  type Cut,
  type ExplainedLine,
  type Language,
  type MerchantPlace,
  type Statement,
  type StatementCursor,
  type StatementLine,
} from '@app/ledger';
import type { Pool, ToldStatement } from '@app/ledger/postgres';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask, placeOf, required, sayAside } from './ask.js';
import { LANGUAGE_OPTION, parseLanguage } from './language.js';
import { parseSpan } from './moment.js';
import { amountText, table, write, writeJson } from './output.js';

const USAGE = `Usage: npm run ledger -- statement --merchant <id> [--from <time>] [--to <time>] [--language zh|en] [--json]

What moved on a merchant's own accounts in a period of recording, in order, each line with what the account had then
and each entry with its explanation; and what they had ahead of the period and behind it.

Options:
  --merchant <id>
  --from <time>             from then on, such as 2024-11-01T00:00:00+08:00; by default from the first entry on
  --to <time>               until then: the first instant that is left out; by default until now
  --from-position <number>  behind this position of the log, from 0 on
  --to-position <number>    up to this position of the log
  --language <zh|en>        of the explanations; by default that of LANG, or English
  --json                    JSON, its integers exact
  -h, --help                this help

Times without an offset, and dates, are read in Asia/Shanghai.

Example:
  npm run ledger -- statement --merchant m1 --from 2024-11-01 --to 2024-12-01

${ENVIRONMENT_USAGE}`;

/** Entries read at a time. */
const PAGE = 500;

export const statementCommand = subcommand({
  name: 'statement',
  summary: 'what moved on the accounts of a merchant in a period',
  usage: USAGE,
  options: {
    merchant: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    'from-position': { type: 'string' },
    'to-position': { type: 'string' },
    ...LANGUAGE_OPTION,
    json: { type: 'boolean', default: false },
  },
  main: ({ merchant, json: asJson, ...options }) => {
    const merchantId = required('merchant', merchant);
    const language = parseLanguage(options.language);
    const { from, to } = parseSpan(options, sayAside);
    return ask(async ({ pool, shards }) => {
      const { cutAt } = await import('@app/ledger/postgres');
      const place = placeOf(merchantId, shards);
      const pages = statementPages(
        pool,
        place,
        await cutAt(pool, from, [place.shard]),
        await cutAt(pool, to, [place.shard]),
      );
      await (asJson ? printJson(pages) : print(pages, language));
    });
  },
});

type ExplainedStatement = Omit<Statement, 'lines'> & {
  lines: ExplainedLine[];
};

async function* statementPages(
  pool: Pool,
  place: MerchantPlace,
  from: Cut,
  to: Cut,
): AsyncGenerator<ExplainedStatement> {
  const { statement } = await import('@app/ledger/postgres');
  let after: StatementCursor | null = null;
  do {
    const page: ToldStatement = await statement(pool, place, {
      from,
      to,
      limit: PAGE,
      after,
    });
    yield { ...page, lines: explainLines(page.lines, page.entries) };
    after = page.next;
  } while (after);
}

async function printJson(
  pages: AsyncGenerator<ExplainedStatement>,
): Promise<void> {
  const { value } = await pages.next();
  const first = value as ExplainedStatement;
  async function* lines() {
    yield first.lines;
    for await (const page of pages) yield page.lines;
  }
  const { merchantId, from, to, opening, closing } = first;
  await writeJson(
    { merchantId, from: from.moment, to: to.moment, opening },
    'lines',
    lines(),
    () => ({ closing }),
  );
}

async function print(
  pages: AsyncGenerator<ExplainedStatement>,
  language: Language,
): Promise<void> {
  let last: ExplainedStatement | null = null;
  for await (const page of pages) {
    if (!last)
      await write(
        balances(`opening, ${describeMoment(page.from.moment)}`, page.opening),
      );
    await write(linesText(page.lines, language));
    last = page;
  }
  if (last)
    await write(
      balances(`closing, ${describeMoment(last.to.moment)}`, last.closing),
    );
}

/** The lines of entries, each entry's explanation under the last of them. */
function linesText(
  lines: readonly ExplainedLine[],
  language: Language,
): string {
  const rows = table(lines.map(row), [5, 6]).split('\n');
  return lines
    .map(({ entryId, explanation }, i) =>
      entryId === lines[i + 1]?.entryId
        ? `${rows[i]}\n`
        : `${rows[i]}\n  ${explanation[language]}\n`,
    )
    .join('');
}

function balances(what: string, list: readonly AccountBalance[]): string {
  const rows = list.map(({ account, unit, amount }) => [
    `  ${account}`,
    unit,
    amountText(amount),
  ]);
  return `${what}${rows.length === 0 ? ': nothing yet' : ''}\n${table(rows, [2])}`;
}

function row(line: StatementLine): string[] {
  return [
    line.recordedAt.toISOString(),
    line.entryId,
    line.kind,
    line.account,
    line.unit,
    amountText(line.amount),
    amountText(line.balance),
    line.lotId ?? '',
  ];
}
