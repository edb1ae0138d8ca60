import {
  describeMoment,
  type Cut,
  type LotAsOf,
  type LotCursor,
  type MerchantPlace,
} from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask, placeOf, required, sayAside } from './ask.js';
import { parseMoment } from './moment.js';
import { amountText, table, write, writeJson } from './output.js';
import { MOMENT_OPTIONS, MOMENT_USAGE } from './usage.js';

const USAGE = `Usage: npm run ledger -- lots --merchant <id> [--at <time> | --position <number>] [--json]

The lots that a merchant had been granted by a moment, and what had become of each: those with something left first,
in the order in which they expire, then the others, the last granted first.

Options:
  --merchant <id>
${MOMENT_USAGE}
${ENVIRONMENT_USAGE}`;

const PAGE = 500;

export const lotsCommand = subcommand({
  name: 'lots',
  summary: 'the lots of a merchant at any moment',
  usage: USAGE,
  options: { merchant: { type: 'string' }, ...MOMENT_OPTIONS },
  main: ({ merchant, json: asJson, ...options }) => {
    const merchantId = required('merchant', merchant);
    const moment = parseMoment(options, sayAside);
    return ask(async ({ pool, shards }) => {
      const { cutAt } = await import('@app/ledger/postgres');
      const place = placeOf(merchantId, shards);
      const cut = await cutAt(pool, moment, [place.shard]);
      const pages = lotPages(pool, place, cut);
      if (asJson) return writeJson({ merchantId, moment }, 'lots', pages);
      let isFirst = true;
      for await (const page of pages) {
        if (isFirst && page.length === 0)
          await write(
            `${merchantId} had no lot yet, ${describeMoment(moment)}\n`,
          );
        else
          await write(
            table([...(isFirst ? [HEADER] : []), ...page.map(row)], AMOUNTS),
          );
        isFirst = false;
      }
    });
  },
});

async function* lotPages(
  pool: Pool,
  place: MerchantPlace,
  cut: Cut,
): AsyncGenerator<LotAsOf[]> {
  const { lotsAsOf } = await import('@app/ledger/postgres');
  let after: LotCursor | null = null;
  do {
    const page: Awaited<ReturnType<typeof lotsAsOf>> = await lotsAsOf(
      pool,
      place,
      cut,
      { limit: PAGE, after },
    );
    yield page.lots;
    after = page.next;
  } while (after);
}

const HEADER = [
  'lot',
  'unit',
  'granted',
  'available',
  'reserved',
  'spent',
  'expired',
  'clawed back',
  'expires',
  'program',
];
const AMOUNTS = [2, 3, 4, 5, 6, 7];

function row(lot: LotAsOf): string[] {
  const { granted, available, reserved, spent, expired, clawedBack } = lot;
  return [
    lot.lotId,
    lot.unit,
    ...[granted, available, reserved, spent, expired, clawedBack].map(
      amountText,
    ),
    lot.expiresAt.toISOString(),
    lot.program,
  ];
}
