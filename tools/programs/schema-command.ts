import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programJsonSchema } from '@app/programs';
import { subcommand } from '../ledger/subcommand.js';
import { ROOT, shortPath } from '../support/paths.js';

const FILE = join(ROOT, 'programs', 'program.schema.json');

const USAGE = `Usage: npm run programs -- schema [--write]

Prints the JSON Schema of program files, with which editors complete and explain their fields.

Options:
  --write     write it to ${shortPath(FILE)} instead
  -h, --help  this help
`;

export const schemaCommand = subcommand({
  name: 'schema',
  summary: 'prints the JSON Schema of program files',
  usage: USAGE,
  options: { write: { type: 'boolean', default: false } },
  main: async ({ write }) => {
    const schema = await formatted(programJsonSchema());
    if (!write) {
      process.stdout.write(schema);
      return;
    }
    await writeFile(FILE, schema);
    process.stdout.write(`written: ${shortPath(FILE)}\n`);
  },
});

/** As `npm run format` leaves it. */
async function formatted(schema: object): Promise<string> {
  // Loaded late: help is told without it.
  const { format } = await import('prettier');
  return format(JSON.stringify(schema, null, 2), { parser: 'json' });
}
