import { verify } from './ledger/verify.js';
import { runCommand, UsageError } from './support/cli.js';

const USAGE = `Usage: npm run ledger -- verify [options]

verify  Recomputes the ledger from its entries and compares with what is stored: sequences, sums, hashes, heads,
        batches, balances and lots. Names what is wrong, the first entry first. Reads alone; the system may run.

Options:
  --shard <number>  verify this shard alone
  --json            print the result as JSON
  -h, --help        this help

The status is 0 where all is right, 1 where something is wrong, 2 where the arguments are.

Environment:
  DATABASE_URL  default postgres://postgres@127.0.0.1:5433/ledger, as npm start has it
`;

await runCommand(
  {
    usage: USAGE,
    options: {
      shard: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  },
  (values, [subcommand, ...others]) => {
    if (subcommand !== 'verify' || others.length > 0)
      throw new UsageError(
        `Say what to do with the ledger: "verify"; --help says more.`,
      );
    return verify(
      process.env.DATABASE_URL || 'postgres://postgres@127.0.0.1:5433/ledger',
      { shard: parseShard(values.shard), asJson: values.json },
    );
  },
);

function parseShard(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,5}$/.test(text))
    throw new UsageError(
      `--shard is "${text}": expected the number of a shard, from 0 on.`,
    );
  return Number(text);
}
