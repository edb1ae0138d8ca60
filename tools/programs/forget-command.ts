import { sayAside } from '../ledger/ask/ask.js';
import { parseInstant } from '../ledger/ask/moment.js';
import {
  ENVIRONMENT_USAGE,
  ledgerUrl,
  subcommand,
} from '../ledger/subcommand.js';
import { UsageError } from '../support/cli.js';

const USAGE = `Usage: npm run programs -- forget-activity --before <date> [--yes]

Forgets what is remembered of events, by quarters (UTC) that were over by the date: accepted activity, what the promoter
has taken, and what goals stood at in periods that began then. The record of the ledger stays as it is. Nothing is
forgotten of the last 400 days, nor while a program that is published, or in PROGRAMS_DIR, may still count what happened
before the date.

Options:
  --before <date>  such as 2024-01-01; without an offset Asia/Shanghai is meant
  --yes            forget it; without, only what would be forgotten is told
  -h, --help       this help

The status is 0 where it is forgotten, or could be; 1 where it must not be; 2 where the arguments are wrong.

${ENVIRONMENT_USAGE}  PROGRAMS_DIR  default programs
`;

export const forgetCommand = subcommand({
  name: 'forget-activity',
  summary: 'forgets activity that is older than all that counts',
  usage: USAGE,
  options: {
    before: { type: 'string' },
    yes: { type: 'boolean', default: false },
  },
  main: async ({ before, yes }) => {
    if (before === undefined)
      throw new UsageError('Say before when with --before.');
    const { instant, note } = parseInstant('before', before);
    if (note) sayAside(note);
    // Loaded late: it takes a while to load, and wrong arguments are told without it.
    const { forget } = await import('./forget.js');
    await forget(ledgerUrl(), { beforeMs: instant.getTime(), isMeant: yes });
  },
});
