import { UsageError } from '../support/cli.js';
import { ENVIRONMENT_USAGE, ledgerUrl, subcommand } from './subcommand.js';
import { verify } from './verify.js';

const USAGE = `Usage: npm run ledger -- verify [options]

Recomputes the ledger from its entries and compares with what is stored: sequences, sums, hashes, heads, batches,
balances and lots. Names what is wrong, the first entry first. Reads alone; the system may run.

Options:
  --shard <number>  verify this shard alone
  --json            print the result as JSON
  -h, --help        this help

The status is 0 where all is right, 1 where something is wrong, 2 where the arguments are.

${ENVIRONMENT_USAGE}`;

export const verifyCommand = subcommand({
  name: 'verify',
  summary: 'recomputes the ledger from its entries, and names what is wrong',
  usage: USAGE,
  options: {
    shard: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  main: (values) =>
    verify(ledgerUrl(), {
      shard: parseShard(values.shard),
      asJson: values.json,
    }),
});

function parseShard(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,5}$/.test(text))
    throw new UsageError(
      `--shard is "${text}": expected the number of a shard, from 0 on.`,
    );
  return Number(text);
}
