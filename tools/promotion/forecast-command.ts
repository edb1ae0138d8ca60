import { ask, placeOf, required } from '../ledger/ask/ask.js';
import {
  LANGUAGE_OPTION,
  LANGUAGE_USAGE,
  parseLanguage,
} from '../ledger/ask/language.js';
import { json, write } from '../ledger/ask/output.js';
import { ENVIRONMENT_USAGE, subcommand } from '../ledger/subcommand.js';
import { forecastText } from './forecast-text.js';

const USAGE = `Usage: npm run promotion -- forecast --merchant <id> [--json] [--language zh|en]

What will expire of a merchant's traffic, by day in Asia/Shanghai, if nothing changes; and what would use it. Streams and
videos are expected as the merchant's habits have them, of which the promoter knows. docs/spending-forecast.md says how.

Options:
  --merchant <id>
  --json              JSON
${LANGUAGE_USAGE}  -h, --help          this help

${ENVIRONMENT_USAGE}`;

export const forecastCommand = subcommand({
  name: 'forecast',
  summary: "what will expire of a merchant's traffic, and what would use it",
  usage: USAGE,
  options: {
    merchant: { type: 'string' },
    json: { type: 'boolean', default: false },
    ...LANGUAGE_OPTION,
  },
  main: (options) => {
    const merchantId = required('merchant', options.merchant);
    const language = parseLanguage(options.language);
    return ask(
      async ({ pool, shards }) => {
        const { readMerchants, readSharedMemory } =
          await import('@app/promotion/postgres');
        const { forecast, UNKNOWN_MERCHANT } = await import('@app/promotion');
        const { shard } = placeOf(merchantId, shards);
        const known = await readMerchants(pool, shard, [merchantId]);
        const { atMs, ...ahead } = forecast(
          known.get(merchantId) ?? UNKNOWN_MERCHANT,
          await readSharedMemory(pool, shard),
          Date.now(),
        );
        const at = new Date(atMs).toISOString();
        await write(
          options.json
            ? `${json({ merchantId, at, ...ahead })}\n`
            : forecastText(merchantId, { atMs, ...ahead }, language),
        );
      },
      { role: 'api' },
    );
  },
});
