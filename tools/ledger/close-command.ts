import { UsageError } from '../support/cli.js';
import { close } from './close.js';
import { ownLog } from './own-log.js';
import { DEFAULT_TIME_ZONE, parsePeriod, parseTimeZone } from './period.js';
import { ENVIRONMENT_USAGE, ledgerUrl, subcommand } from './subcommand.js';

const USAGE = `Usage: npm run ledger -- close --period <period> [options]

Writes a bundle of a period that is over: its entries as they are sealed, the trial balance before and after, the
checkpoints around them with the proof that the later one continues the earlier, the public key, and a verifier that
checks all of it on a machine without the database. Of the period is what was recorded in it. That none of it is left
out shows once a block was sealed a minute after its end or later: the first entry from then on makes one.

Options:
  --period <period>      a year, a month or a day: 2024, 2024-11, 2024-11-11
  --time-zone <zone>     of its days; default ${DEFAULT_TIME_ZONE}
  --out <directory>      to be made; default ledger-<period>
  --log <directory>      the log; default that of npm start
  -h, --help             this help

Check it with: node ledger-<period>/verify-close.mjs ledger-<period>

${ENVIRONMENT_USAGE}`;

export const closeCommand = subcommand({
  name: 'close',
  summary:
    'writes a bundle of a period that can be checked without the database',
  usage: USAGE,
  options: {
    period: { type: 'string' },
    'time-zone': { type: 'string' },
    out: { type: 'string' },
    log: { type: 'string' },
  },
  main: async (values) => {
    const { period: name } = values;
    if (name === undefined)
      throw new UsageError('Say which period: --period 2024-11, for instance.');
    const zone = parseTimeZone(values['time-zone']);
    const { from, to } = parsePeriod({ period: name }, zone);
    const log = values.log ?? ownLog();
    if (log === null)
      throw new UsageError('Say where the log is: --log <directory>.');
    await close(ledgerUrl(), {
      period: { name, from: from!, to: to!, timeZone: zone },
      directory: values.out ?? `ledger-${name}`,
      log,
    });
  },
});
