import { UsageError, UserError } from '../../support/cli.js';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask } from './ask.js';
import { printEntries } from './entries-output.js';
import { LANGUAGE_OPTION, LANGUAGE_USAGE, parseLanguage } from './language.js';
import { amountText, write } from './output.js';

const USAGE = `Usage: npm run ledger -- lot <lot> [--language zh|en] [--json]

The whole life of a lot: every entry that moved something of it, in order of recording, with its
explanation and its cause.

Options:
${LANGUAGE_USAGE}  --json              JSON, its integers exact
  -h, --help          this help

Example:
  npm run ledger -- lot grants-10-5

${ENVIRONMENT_USAGE}`;

export const lotCommand = subcommand({
  name: 'lot',
  summary: 'the whole life of a lot',
  usage: USAGE,
  options: { ...LANGUAGE_OPTION, json: { type: 'boolean', default: false } },
  allowPositionals: true,
  main: ({ json: asJson, ...options }, positionals) => {
    const [lotId, ...others] = positionals;
    if (!lotId || others.length > 0)
      throw new UsageError('Say which lot, such as grants-10-5.');
    const language = parseLanguage(options.language);
    return ask(async ({ pool }) => {
      const { lifeOfLot, readLot } = await import('@app/ledger/postgres');
      const lot = await readLot(pool, lotId);
      if (!lot) throw new UserError(`There is no lot "${lotId}".`);
      if (!asJson)
        await write(
          `${lotId}: ${amountText(lot.granted)} ${lot.unit} of ${lot.merchantId} from ${lot.program} until ${lot.expiresAt.toISOString()}\n`,
        );
      await printEntries(lifeOfLot(pool, lot), {
        asJson,
        language,
        about: { lot },
        none: 'Nothing has moved of it.',
      });
    });
  },
});
