import { setTimeout as sleep } from 'node:timers/promises';
import { activityContract, CHANNELS, type Channel } from '@app/contracts';
import { EventProducer } from '@app/contracts/kafkajs';
import {
  connectKafka,
  GranterProgress,
  readActivityEnds,
} from './replay/granter-progress.js';
import { weeksBetween } from './replay/order-events.js';
import { readOrders, summarize } from './replay/orders-file.js';
import { ProgressLine } from './support/progress-line.js';
import {
  publishOrders,
  type PublishedTotals,
} from './replay/publish-orders.js';
import { runCommand, UsageError, UserError } from './support/cli.js';

const USAGE = `Usage: npm run replay -- FILE [options]

Publishes a file of orders as merchant activity and waits until the granter has taken it. An order is
order.paid over price and freight; a cancelled one is order.refunded as well. The events' ids follow from
order and merchant: replaying a file twice changes nothing.

FILE is CSV, gzipped or not, with the columns time (a minute, Asia/Shanghai), order_id, seller_id,
price_minor, freight_minor (fen) and status.

Options:
  --channel <channel>  where the orders were sold: ${CHANNELS.join(', ')} (default live)
  --rate <number>      events a second at most (default: as fast as it goes)
  --shift              move all times by whole weeks, so that the last falls in the week now
  -h, --help           this help

Environment:
  KAFKA_BROKERS  default 127.0.0.1:9092, as npm start has it
  DATABASE_URL   default postgres://postgres@127.0.0.1:5433/ledger, as npm start has it
`;

const POLL_INTERVAL_MS = 250;
const GRANTER_SILENT_MS = 60_000;
const NUMBER = new Intl.NumberFormat('en-US');

await runCommand(
  {
    usage: USAGE,
    options: {
      channel: { type: 'string', default: 'live' },
      rate: { type: 'string' },
      shift: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  },
  async (values, positionals) => {
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0)
      throw new UsageError('Say which one file to replay; --help says more.');
    const channel = parseChannel(values.channel);
    const rate = parseRate(values.rate);

    const { rows, lastAtMs } = await summarize(path);
    const shiftWeeks = values.shift ? weeksBetween(lastAtMs, Date.now()) : 0;
    const kafka = await connectKafka(
      process.env.KAFKA_BROKERS || '127.0.0.1:9092',
    );
    const granter = new GranterProgress(
      process.env.DATABASE_URL || 'postgres://postgres@127.0.0.1:5433/ledger',
    );
    const producer = new EventProducer(kafka, activityContract);
    try {
      await granter.check();
      const grantedBefore = await granter.readGranted();
      await producer.connect();
      const line = new ProgressLine(process.stdout);
      const totals = await publishOrders(readOrders(path), producer, {
        channel,
        shiftWeeks,
        rate,
        onProgress: (sofar) => line.show('published', sofar.rows, rows),
      });
      line.done();
      const ends = await readActivityEnds(kafka);
      await waitForGranter(() => granter.lagBehind(ends), line);
      line.done();
      printTotals(totals, shiftWeeks);
      printGranted(grantedBefore, await granter.readGranted());
    } finally {
      await Promise.allSettled([producer.disconnect(), granter.close()]);
    }
  },
);

function parseChannel(text: string): Channel {
  const channel = CHANNELS.find((known) => known === text);
  if (!channel)
    throw new UsageError(
      `--channel is "${text}": expected one of ${CHANNELS.join(', ')}.`,
    );
  return channel;
}

function parseRate(text: string | undefined): number | null {
  if (text === undefined) return null;
  const rate = Number(text);
  if (!/^\d+$/.test(text) || rate < 1 || rate > 1_000_000)
    throw new UsageError(
      `--rate is "${text}": expected a whole number from 1 to 1000000.`,
    );
  return rate;
}

/** @throws UserError where the granter takes nothing for a minute */
async function waitForGranter(
  readLag: () => Promise<bigint>,
  line: ProgressLine,
): Promise<void> {
  let lag = await readLag();
  const atFirst = lag;
  let movedAtMs = Date.now();
  for (;;) {
    line.show('granter took', Number(atFirst - lag), Number(atFirst));
    if (lag === 0n) return;
    if (Date.now() - movedAtMs > GRANTER_SILENT_MS)
      throw new UserError(
        `The events are published, but the granter has taken none for ${GRANTER_SILENT_MS / 1_000} s: see whether it runs.`,
      );
    await sleep(POLL_INTERVAL_MS);
    const now = await readLag();
    if (now !== lag) movedAtMs = Date.now();
    lag = now;
  }
}

function printTotals(totals: PublishedTotals, shiftWeeks: number): void {
  const { paid, refunded, merchants, paidMinor } = totals;
  const yuan = `${NUMBER.format(paidMinor / 100n)}.${String(paidMinor % 100n).padStart(2, '0')}`;
  const said = [
    `${NUMBER.format(paid)} orders of ${NUMBER.format(merchants)} merchants over ${yuan}`,
    `${NUMBER.format(refunded)} refunded`,
    ...(shiftWeeks === 0 ? [] : [`moved by ${shiftWeeks} weeks`]),
  ];
  process.stdout.write(`replayed ${said.join(', ')}\n`);
}

function printGranted(
  before: ReadonlyMap<string, bigint>,
  after: ReadonlyMap<string, bigint>,
): void {
  const said = Array.from(after, ([unit, amount]) => ({
    unit,
    granted: amount - (before.get(unit) ?? 0n),
  }))
    .filter(({ granted }) => granted > 0n)
    .map(({ unit, granted }) => `${unit} ${NUMBER.format(granted)}`);
  process.stdout.write(`granted meanwhile ${said.join(', ') || 'nothing'}\n`);
}
