import { UsageError } from '../../support/cli.js';
import { ENVIRONMENT_USAGE, subcommand } from '../subcommand.js';
import { ask, required } from './ask.js';
import { printEntries } from './entries-output.js';
import { LANGUAGE_OPTION, LANGUAGE_USAGE, parseLanguage } from './language.js';

const USAGE = `Usage: npm run ledger -- rule --program <program> --version <number> [--language zh|en] [--json]

The entries of a rule version: the budgets and the grants whose cause names this version of the program,
each with its explanation.

Options:
  --program <program>
  --version <number>
${LANGUAGE_USAGE}  --json              JSON, its integers exact
  -h, --help          this help

${ENVIRONMENT_USAGE}`;

export const ruleCommand = subcommand({
  name: 'rule',
  summary: 'the entries of a version of a program',
  usage: USAGE,
  options: {
    program: { type: 'string' },
    version: { type: 'string' },
    ...LANGUAGE_OPTION,
    json: { type: 'boolean', default: false },
  },
  main: (values) => {
    const program = required('program', values.program);
    const version = parseVersion(required('version', values.version));
    const language = parseLanguage(values.language);
    return ask(async ({ pool, shards }) => {
      const { entriesOfRule } = await import('@app/ledger/postgres');
      await printEntries(entriesOfRule(pool, { program, version }, shards), {
        asJson: values.json,
        language,
        about: { rule: { program, version } },
        none: 'No entry names this version of the program.',
      });
    });
  },
});

function parseVersion(text: string): number {
  const version = Number(text);
  if (!/^\d{1,9}$/.test(text) || version < 1)
    throw new UsageError(
      `--version is "${text}": expected a whole number from 1 on.`,
    );
  return version;
}
