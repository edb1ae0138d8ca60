import { UsageError } from '../support/cli.js';
import { ownLog } from './own-log.js';
import { ENVIRONMENT_USAGE, ledgerUrl, subcommand } from './subcommand.js';
import { verify } from './verify.js';

const USAGE = `Usage: npm run ledger -- verify [options]

Recomputes the ledger from its entries and compares with what is stored: sequences, sums, hashes, heads, batches,
balances and lots; and with what was sealed of it: blocks, positions, the balances at every block, and the tree that
every known checkpoint of the log is of. Names what is wrong, the first entry first. Reads alone; the system may run.

Options:
  --shard <number>       verify this shard alone, and not the seal
  --checkpoint <file>    a checkpoint that was kept from before, or a file of them; may be given several times
  --log <directory>      a copy of the log, to name the entry that is not what was sealed; default that of npm start
  --public-key <key>     the key that signs the log, or the file that it is in; default key.pub of the log
  --threads <number>     that verify a shard at a time each, up to 64; default one more than there are cores, and none
                         for a small ledger
  --json                 print the result as JSON
  -h, --help             this help

The status is 0 where all is right, 1 where something is wrong, 2 where the arguments are.

${ENVIRONMENT_USAGE}`;

export const verifyCommand = subcommand({
  name: 'verify',
  summary: 'recomputes the ledger from its entries, and names what is wrong',
  usage: USAGE,
  options: {
    shard: { type: 'string' },
    checkpoint: { type: 'string', multiple: true, default: [] as string[] },
    log: { type: 'string' },
    'public-key': { type: 'string' },
    threads: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  main: (values) =>
    verify(ledgerUrl(), {
      shard: parseShard(values.shard),
      threads: parseThreads(values.threads),
      seal:
        values.shard === undefined
          ? {
              checkpoints: values.checkpoint,
              log: values.log ?? ownLog(),
              publicKey: values['public-key'] ?? null,
            }
          : null,
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

const MOST_THREADS = 64;

function parseThreads(text: string | undefined): number | null {
  if (text === undefined) return null;
  const threads = /^\d{1,2}$/.test(text) ? Number(text) : Infinity;
  if (threads > MOST_THREADS)
    throw new UsageError(
      `--threads is "${text}": expected a number from 0 to ${MOST_THREADS}.`,
    );
  return threads;
}
