import { describeMoment } from '@app/ledger';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask, placeOf, required, sayAside } from './ask.js';
import { parseMoment } from './moment.js';
import { amountText, json, table, write } from './output.js';
import { MOMENT_OPTIONS, MOMENT_USAGE } from './usage.js';

const USAGE = `Usage: npm run ledger -- balances --merchant <id> [--at <time> | --position <number>] [--json]

What a merchant's own accounts had at a moment: now, where none is given.

Options:
  --merchant <id>
${MOMENT_USAGE}
Examples:
  npm run ledger -- balances --merchant m1 --at 2024-11-11T20:00:00+08:00
  npm run ledger -- balances --merchant m1 --position 4711 --json

${ENVIRONMENT_USAGE}`;

export const balancesCommand = subcommand({
  name: 'balances',
  summary: 'what a merchant had at any moment',
  usage: USAGE,
  options: { merchant: { type: 'string' }, ...MOMENT_OPTIONS },
  main: ({ merchant, json: asJson, ...options }) => {
    const merchantId = required('merchant', merchant);
    const moment = parseMoment(options, sayAside);
    return ask(async ({ pool, shards }) => {
      const { balancesAsOf, cutAt } = await import('@app/ledger/postgres');
      const place = placeOf(merchantId, shards);
      const cut = await cutAt(pool, moment, [place.shard]);
      const balances = await balancesAsOf(pool, place, cut);
      if (asJson) return write(`${json({ merchantId, moment, balances })}\n`);
      const rows = balances.map(({ account, unit, amount }) => [
        account,
        unit,
        amountText(amount),
      ]);
      await write(
        rows.length > 0
          ? table(rows, [2])
          : `${merchantId} had nothing yet, ${describeMoment(moment)}\n`,
      );
    });
  },
});
