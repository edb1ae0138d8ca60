import { sumByUnit } from '@app/ledger';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask, sayAside } from './ask.js';
import { parseMoment } from './moment.js';
import { amountText, json, table, write } from './output.js';
import { MOMENT_OPTIONS, MOMENT_USAGE } from './usage.js';

const USAGE = `Usage: npm run ledger -- trial-balance [--at <time> | --position <number>] [--json]

What the accounts of each class had in each unit at a moment, over all shards: each unit sums to zero.

Options:
${MOMENT_USAGE}
The status is 1 where a unit does not sum to zero.

${ENVIRONMENT_USAGE}`;

export const trialBalanceCommand = subcommand({
  name: 'trial-balance',
  summary: 'what all accounts had at any moment: zero in each unit',
  usage: USAGE,
  options: MOMENT_OPTIONS,
  main: async ({ json: asJson, ...options }) => {
    const moment = parseMoment(options, sayAside);
    let isBalanced = true;
    await ask(async ({ pool, shards }) => {
      const { cutAt, trialBalanceAsOf } = await import('@app/ledger/postgres');
      const cut = await cutAt(pool, moment, shards);
      const balances = await trialBalanceAsOf(pool, cut);
      const sums = Array.from(sumByUnit(balances), ([unit, amount]) => ({
        unit,
        amount,
      }));
      isBalanced = sums.every(({ amount }) => amount === 0n);
      if (asJson) return write(`${json({ moment, balances, sums })}\n`);
      const rows = [
        ...balances.map(({ account, unit, amount }) => [
          account,
          unit,
          amountText(amount),
        ]),
        ...sums.map(({ unit, amount }) => ['sum', unit, amountText(amount)]),
      ];
      await write(table(rows, [2]));
    });
    return isBalanced ? 0 : 1;
  },
});
