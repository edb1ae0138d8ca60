import {
  isMistake,
  type ActivityCount,
  type ActivityDifference,
  type DeliverySum,
} from '@app/ledger';
import type {
  DeliveryDifference,
  Pool,
  PoolClient,
  ReconciledActivity,
  ReconciledDeliveries,
} from '@app/ledger/postgres';
import { UsageError } from '../../support/cli.js';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask } from './ask.js';
import { amountText, json, table, write } from './output.js';

const USAGE = `Usage: npm run ledger -- reconcile activity|deliveries [--shard <number>] [--json]

Holds the entries against what they are to come from:
  activity    accepted events against the causes of entries, event by event
  deliveries  what ad delivery reported against what was ordered, spent and released, order by order

What events led to, or orders came to, is printed last; each difference as it is found.

Options:
  --shard <number>  this shard alone
  --json            JSON, a line for each difference and one with the sums
  -h, --help        this help

The status is 1 where the ledger is wrong. Orders that nothing was reported of, and reports beyond an order, are what
ad delivery did, and no mistake.

${ENVIRONMENT_USAGE}`;

/** Looked at in one transaction. */
const A_TIME = 100_000;

export const reconcileCommand = subcommand({
  name: 'reconcile',
  summary: 'the ledger against activity, or against delivery reports',
  usage: USAGE,
  options: {
    shard: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  allowPositionals: true,
  main: async ({ shard, json: asJson }, [against, ...others]) => {
    if (
      others.length > 0 ||
      (against !== 'activity' && against !== 'deliveries')
    )
      throw new UsageError('Say against what: activity or deliveries.');
    let mistakes = 0;
    await ask(async ({ pool, shards }) => {
      const asked = shardsAsked(shard, shards);
      mistakes =
        against === 'activity'
          ? await againstActivity(pool, asked, asJson)
          : await againstDeliveries(pool, asked, asJson);
    });
    return mistakes > 0 ? 1 : 0;
  },
});

/** @throws UsageError where there is no such shard */
function shardsAsked(
  text: string | undefined,
  all: readonly number[],
): readonly number[] {
  if (text === undefined) return all;
  const shard = Number(text);
  if (/^\d{1,5}$/.test(text) && all.includes(shard)) return [shard];
  throw new UsageError(
    `--shard is "${text}": expected a number from 0 to ${all.length - 1}.`,
  );
}

async function againstActivity(
  pool: Pool,
  shards: readonly number[],
  asJson: boolean,
): Promise<number> {
  const { reconcileActivity } = await import('@app/ledger/postgres');
  const counts = new Map<string, ActivityCount>();
  let mistakes = 0;
  let consumedOffsets = 0n;
  let after: ReconciledActivity['next'] = null;
  do {
    const page: ReconciledActivity = await atOneMoment(pool, (db) =>
      reconcileActivity(db, {
        shards,
        after,
        differencesMax: Infinity,
        eventsMax: A_TIME,
      }),
    );
    for (const count of page.counts) addTo(counts, count.type, count);
    mistakes += page.differences.length;
    consumedOffsets += page.consumedOffsets;
    for (const found of page.differences)
      await write(asJson ? `${json(found)}\n` : activityText(found));
    after = page.next;
  } while (after);
  const sums = [...counts.values()];
  await write(
    asJson
      ? `${json({ mistakes, consumedOffsets, counts: sums })}\n`
      : `${sumsTable(sums, 'type')}${amountText(consumedOffsets)} offsets consumed, ${mistakes} differences\n`,
  );
  return mistakes;
}

async function againstDeliveries(
  pool: Pool,
  shards: readonly number[],
  asJson: boolean,
): Promise<number> {
  const { cutAt, reconcileDeliveries } = await import('@app/ledger/postgres');
  const sums = new Map<string, DeliverySum>();
  let mistakes = 0;
  let differences = 0;
  let after: ReconciledDeliveries['next'] = null;
  do {
    const page: ReconciledDeliveries = await atOneMoment(pool, async (db) =>
      reconcileDeliveries(db, {
        from: null,
        to: await cutAt(db, 'now', shards),
        after,
        differencesMax: Infinity,
        entriesMax: A_TIME,
      }),
    );
    for (const sum of page.sums) addTo(sums, sum.placement, sum);
    for (const found of page.differences) {
      differences += 1;
      if (isMistake(found.difference)) mistakes += 1;
      await write(asJson ? `${json(found)}\n` : deliveryText(found));
    }
    after = page.next;
  } while (after);
  const all = [...sums.values()];
  await write(
    asJson
      ? `${json({ differences, mistakes, sums: all })}\n`
      : `${sumsTable(all, 'placement')}${differences} differences, ${mistakes} of them mistakes of the ledger\n`,
  );
  return mistakes;
}

/** What is committed meanwhile would look like a difference. */
async function atOneMoment<Result>(
  pool: Pool,
  work: (db: PoolClient) => Promise<Result>,
): Promise<Result> {
  const { inTransaction } = await import('@app/ledger/postgres');
  return inTransaction(pool, async (db) => {
    await db.query(
      'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    );
    return work(db);
  });
}

/** Adds the numbers of a part to what there is under a name. */
function addTo<Part extends object>(
  sums: Map<string, Part>,
  name: string,
  part: Part,
): void {
  const known = sums.get(name) as Record<string, unknown> | undefined;
  if (!known) return void sums.set(name, { ...part });
  for (const [field, value] of Object.entries(part))
    if (typeof value === 'bigint')
      known[field] = (known[field] as bigint) + value;
}

/** A row for each number, a column for each name. */
function sumsTable<Part extends object>(
  parts: readonly Part[],
  name: keyof Part,
): string {
  const [first] = parts;
  if (!first) return '';
  const numbers = Object.keys(first).filter((field) => field !== name);
  return table(
    [
      ['', ...parts.map((part) => String(part[name]))],
      ...numbers.map((field) => [
        field,
        ...parts.map((part) => amountText(part[field as keyof Part] as bigint)),
      ]),
    ],
    parts.map((_, i) => i + 1),
  );
}

function activityText({
  difference,
  shard,
  entryId,
  reference,
  accepted,
}: ActivityDifference & { shard: number }): string {
  const event = reference
    ? `${reference.source} ${reference.id}, at ${reference.topic} ${reference.partition}/${reference.offset}`
    : `shard ${shard}`;
  const known = accepted
    ? `accepted as ${accepted.type} of ${accepted.merchantId} at offset ${accepted.offset}`
    : 'never accepted';
  return `${difference}: ${entryId ? `${entryId} names ` : ''}${event}; ${known}\n`;
}

function deliveryText({
  difference,
  entryId,
  order,
}: DeliveryDifference): string {
  if (!order) return `${difference}: ${entryId}\n`;
  const { promotionOrderId, merchantId, ordered, reserved } = order;
  return `${difference}: ${promotionOrderId} of ${merchantId}: ordered ${ordered}, reserved ${reserved}, reported ${order.reported}, spent ${order.spent}, released ${order.released}${order.closedBecause === null ? '' : `, closed as ${order.closedBecause}`}\n`;
}
