import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, type Pool } from '@app/ledger/postgres';
import { median } from './bench/median.js';
import { Child } from './bench/child.js';
import { appendToPeer } from './bench/peer.js';
import { copyRows, insertRowByRow } from './bench/rows.js';
import type { SealerRequest } from './bench/sealer-process.js';
import { onTemporaryPostgres } from './bench/temporary-postgres.js';
import { runWriters } from './bench/writers.js';
import { leaveNothingRunning } from './stack/daemon.js';
import { runCommand } from './support/cli.js';

const USAGE = `Usage: npm run bench:append -- [options]

Measures how fast the ledger is written, in one run on one PostgreSQL of its own, every row durable, the seal running. Machines
differ and are noisy: compare the figures of one run with each other, above all with COPY, the limit.

Options:
  --json      one JSON object on standard output
  -h, --help  this help
`;

/** Each is measured so often, in turns; the median counts. */
const ROUNDS = 3;

interface Figures {
  copyRowsPerSecond: number;
  oneWriterEventsPerSecond: number;
  twoWriterEventsPerSecond: number;
  oneWriterGrantsPerSecond: number;
  singleRowTransactionsPerSecond: number;
  peerEventsPerSecond: number;
}

type Measure = () => Promise<number>;

await runCommand(
  { usage: USAGE, options: { json: { type: 'boolean', default: false } } },
  async ({ json }) => {
    leaveNothingRunning();
    const figures = await onTemporaryPostgres(async (databaseUrl) => {
      const owner = createPool(databaseUrl, {
        applicationName: 'bench',
        pipeline: false,
        maxConnections: 8,
      });
      // All is sealed meanwhile, as it is in production.
      const sealer = await Child.start<SealerRequest, number>('sealer-process');
      try {
        await sealer.ask({ databaseUrl });
        return await measureInTurns(
          measures(databaseUrl, owner),
          () => untilSealed(sealer, databaseUrl),
          (what) => process.stderr.write(`${what}\n`),
        );
      } finally {
        await sealer.stop();
        await owner.end();
      }
    });
    process.stdout.write(
      json ? `${JSON.stringify(figures)}\n` : table(figures),
    );
  },
);

function measures(
  databaseUrl: string,
  owner: Pool,
): Record<keyof Figures, Measure> {
  const oneInTen = { ordersEach: 10, events: 50_000 };
  const each = { ordersEach: 1, events: 20_000 };
  return {
    copyRowsPerSecond: () => copyRows(owner, 200_000),
    oneWriterEventsPerSecond: () => runWriters(databaseUrl, oneInTen, [1]),
    twoWriterEventsPerSecond: () => runWriters(databaseUrl, oneInTen, [2, 3]),
    oneWriterGrantsPerSecond: () => runWriters(databaseUrl, each, [4]),
    singleRowTransactionsPerSecond: () => insertRowByRow(owner, 2_000),
    peerEventsPerSecond: () => appendToPeer(databaseUrl, owner, 3_000),
  };
}

/** A figure must not pay for what the one ahead has left to seal. */
async function untilSealed(
  sealer: Child<SealerRequest, number>,
  databaseUrl: string,
): Promise<void> {
  while ((await sealer.ask({ databaseUrl })) > 0) await sleep(50);
}

async function measureInTurns(
  all: Record<keyof Figures, Measure>,
  settle: () => Promise<void>,
  say: (what: string) => void,
): Promise<Figures> {
  const names = Object.keys(all) as (keyof Figures)[];
  const found = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const name of names) {
      await settle();
      const value = await all[name]();
      found.get(name)!.push(value);
      say(`round ${round} of ${ROUNDS}: ${name} ${Math.round(value)}`);
    }
  return Object.fromEntries(
    Array.from(found, ([name, values]) => [name, Math.round(median(values))]),
  ) as unknown as Figures;
}

function table(figures: Figures): string {
  const lines = Object.entries(figures).map(
    ([name, value]) =>
      `${name.padEnd(32)} ${String(value).padStart(8)}  ${(value / figures.copyRowsPerSecond).toFixed(3)} of COPY`,
  );
  return `${lines.join('\n')}\n`;
}
