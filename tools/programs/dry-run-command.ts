import { parsePeriod } from '../ledger/period.js';
import { ledgerUrl, subcommand } from '../ledger/subcommand.js';
import { UsageError } from '../support/cli.js';
import { parseCount } from '../support/parse-count.js';
import { readProgramFiles } from './program-files.js';
import { readProgram } from './running-version.js';

const USAGE = `Usage: npm run programs -- dry-run <file> [options]

Says what a draft of a program would have granted for the activity that was recorded, beside the running version of
the program: the one that is published and holds at --to, or now. Each is run alone, as if it had held from --from on,
whatever its startsAt says. Reads alone, in transactions that can write nothing; the system may run.

Options:
  --from <time>         what happened from then on counts; what was before tells who merchants are, and no more
  --to <time>           until then: the first instant that is left out
                        each a date, in the draft's time zone, or a time with its offset: 2024-11-11T20:00:00+08:00
  --against <path>      put beside it another version than the running one: that in this file, or the highest in this
                        directory
  --top <number>        how many merchants are told of each list, default 5
  --database-url <url>  default DATABASE_URL
  --json                JSON; integers beyond 2^53 - 1 as texts
  -h, --help            this help

The status is 0 where the draft was run, 1 where the ledger cannot be read, 2 where the draft or an argument is wrong.

Example:
  npm run programs -- dry-run drafts/order-ladder.yaml --from 2024-11-01 --to 2024-12-01

Environment:
  DATABASE_URL  default postgres://postgres@127.0.0.1:5433/ledger, as npm start has it
`;

export const dryRunCommand = subcommand({
  name: 'dry-run',
  summary: 'says what a draft would have granted for recorded activity',
  usage: USAGE,
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    against: { type: 'string' },
    top: { type: 'string', default: '5' },
    'database-url': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  allowPositionals: true,
  main: async (values, positionals) => {
    const [path] = positionals;
    if (path === undefined || positionals.length > 1)
      throw new UsageError(
        'Give the file of the draft, one; --help says more.',
      );
    const top = parseCount('top', values.top, 0);
    const files = await readProgramFiles([path]);
    if (files.length > 1 || files[0]!.fileName !== path)
      throw new UsageError(`${path} is a directory: expected one file.`);
    const draft = readProgram(path, files[0]!.text);
    const { from, to } = parsePeriod(values, draft.program.timeZone);
    // Loaded late: it takes a while to load, and wrong arguments are told without it.
    const { dryRun } = await import('./dry-run.js');
    await dryRun(values['database-url'] ?? ledgerUrl(), {
      draft,
      against: values.against ?? null,
      span: {
        fromMs: from === null ? -Infinity : Date.parse(from),
        untilMs: to === null ? Infinity : Date.parse(to),
      },
      top,
      asJson: values.json,
    });
  },
});
