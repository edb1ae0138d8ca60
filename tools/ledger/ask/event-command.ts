import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask, required } from './ask.js';
import { printEntries } from './entries-output.js';
import { LANGUAGE_OPTION, LANGUAGE_USAGE, parseLanguage } from './language.js';

const USAGE = `Usage: npm run ledger -- event --source <source> --id <id> [--language zh|en] [--json]

All that one event has caused: every entry whose cause names it, each with its explanation.

Options:
  --source <source>   of the event, as CloudEvents have it
  --id <id>           of the event, within its source
${LANGUAGE_USAGE}  --json              JSON, its integers exact
  -h, --help          this help

${ENVIRONMENT_USAGE}`;

export const eventCommand = subcommand({
  name: 'event',
  summary: 'all that one event has caused',
  usage: USAGE,
  options: {
    source: { type: 'string' },
    id: { type: 'string' },
    ...LANGUAGE_OPTION,
    json: { type: 'boolean', default: false },
  },
  main: (values) => {
    const source = required('source', values.source);
    const id = required('id', values.id);
    const language = parseLanguage(values.language);
    return ask(async ({ pool, shards }) => {
      const { effectsOfEvent } = await import('@app/ledger/postgres');
      await printEntries(effectsOfEvent(pool, { source, id }, shards), {
        asJson: values.json,
        language,
        about: { event: { source, id } },
        none: 'No entry names this event.',
      });
    });
  },
});
