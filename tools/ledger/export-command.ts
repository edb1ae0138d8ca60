import { FORMATS, type Format } from '@app/exports';
import type { ExportRequest } from '@app/exports/postgres';
import { UsageError } from '../support/cli.js';
import { parsePeriod, parseTimeZone } from './period.js';
import { ENVIRONMENT_USAGE, ledgerUrl, subcommand } from './subcommand.js';

const USAGE = `Usage: npm run ledger -- export --format csv|ndjson|parquet|hledger --out FILE [options]

Writes entries with their postings to a file: all that are there when it begins, by shard, journal and sequence.
Reads alone, as the role ledger_auditor; the system may run. Until the file is whole it is FILE.part; what is known
of it is in FILE.export.json.

Options:
  --format <format>     csv      a row for each posting, with the fields of its entry
                        ndjson   a line of JSON for each entry, enough to recompute its hash
                        parquet  the columns of csv
                        hledger  a journal for hledger and ledger-cli
  --out <file>          where to; nothing is overwritten
  --period <period>     a year, a month or a day: 2024, 2024-11, 2024-11-11
  --from <time>         from then on: a date, or a time with its offset such as 2024-11-11T20:00:00+08:00
  --to <time>           until then: the first instant that is left out
  --time-zone <zone>    of dates, also of those in a journal; default Asia/Shanghai
  --by <time>           the time that counts for the period: recorded (default) or occurred
  --program <program>   entries that name the program, and those that move its lots
  --merchant <id>       entries of this merchant
  --with-opening        hledger: begin with what the accounts had before the period
  --escape-formulas     csv: put ' ahead of text that a spreadsheet would take for a formula
  --resume              go on with an interrupted export; the other options may be left out
  -h, --help            this help

The status is 0 where the file is whole, 1 where it is not, 2 where the arguments are wrong.

Examples:
  npm run ledger -- export --format csv --period 2024-11 --out november.csv
  npm run ledger -- export --out november.csv --resume

${ENVIRONMENT_USAGE}`;

interface Values {
  format?: string;
  period?: string;
  from?: string;
  to?: string;
  'time-zone'?: string;
  by?: string;
  program?: string;
  merchant?: string;
  'with-opening'?: boolean;
  'escape-formulas'?: boolean;
}

export const exportCommand = subcommand({
  name: 'export',
  summary: 'writes entries as CSV, NDJSON, Parquet or an hledger journal',
  usage: USAGE,
  options: {
    format: { type: 'string' },
    out: { type: 'string' },
    period: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    'time-zone': { type: 'string' },
    by: { type: 'string' },
    program: { type: 'string' },
    merchant: { type: 'string' },
    'with-opening': { type: 'boolean' },
    'escape-formulas': { type: 'boolean' },
    resume: { type: 'boolean', default: false },
  },
  main: async ({ out, resume, ...values }) => {
    if (!out) throw new UsageError('Say where to with --out.');
    const isAnythingSaid = Object.keys(values).length > 0;
    const request =
      resume && !isAnythingSaid ? null : parseRequest(values as Values);
    // Loaded late: it takes a while to load, and wrong arguments are told without it.
    const { exportLedger } = await import('./export.js');
    return exportLedger(ledgerUrl(), out, { request, resume });
  },
});

/** @throws UsageError naming the option */
function parseRequest(values: Values): ExportRequest {
  const { program = null, merchant = null } = values;
  const format = oneOf('format', values.format, FORMATS);
  const timeZone = parseTimeZone(values['time-zone']);
  const by = oneOf('by', values.by ?? 'recorded', [
    'recorded',
    'occurred',
  ] as const);
  const selection = {
    by,
    ...parsePeriod(values, timeZone),
    program,
    merchant,
  };
  const request = {
    format,
    selection,
    timeZone,
    withOpening: values['with-opening'] ?? false,
    escapeFormulas: values['escape-formulas'] ?? false,
  };
  checkOptions(request);
  return request;
}

function checkOptions(request: ExportRequest): void {
  const { format, selection, withOpening, escapeFormulas } = request;
  if (escapeFormulas && format !== 'csv')
    throw new UsageError('--escape-formulas is for --format csv.');
  if (!withOpening) return;
  if (format !== 'hledger')
    throw new UsageError('--with-opening is for --format hledger.');
  if (selection.from === null)
    throw new UsageError(
      '--with-opening needs a beginning: --period or --from.',
    );
}

function oneOf<Choice extends Format | 'recorded' | 'occurred'>(
  option: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === text);
  if (choice) return choice;
  const said = text === undefined ? 'missing' : `"${text}"`;
  throw new UsageError(
    `--${option} is ${said}: expected ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`,
  );
}
