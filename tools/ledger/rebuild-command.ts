import { rebuild } from './rebuild.js';
import { ENVIRONMENT_USAGE, ledgerUrl, subcommand } from './subcommand.js';

const USAGE = `Usage: npm run ledger -- rebuild [options]

Makes every table that follows from the journals anew out of them (balances, what shards stood at, lots and their
use, entries by event), says whether it is what stood there, and puts it in its place, once every entry has been
verified: of a wrong one nothing is made. One transaction: services that run wait meanwhile. What is only remembered
(activity, progress, the promoter's state) is not of the journals, and stays.

Options:
  --dry-run   compare alone, and write nothing
  --json      print the result as JSON
  -h, --help  this help

The status is 0 where everything stood there as it is made, 1 where something did not, 2 where the arguments are wrong.

${ENVIRONMENT_USAGE}`;

export const rebuildCommand = subcommand({
  name: 'rebuild',
  summary: 'makes balances and lots anew out of the journals, and compares',
  usage: USAGE,
  options: {
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  main: (values) =>
    rebuild(ledgerUrl(), { write: !values['dry-run'], asJson: values.json }),
});
