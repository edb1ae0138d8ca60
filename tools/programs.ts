import { runSubcommand } from './ledger/subcommand.js';
import { checkCommand } from './programs/check-command.js';
import { dryRunCommand } from './programs/dry-run-command.js';
import { forgetCommand } from './programs/forget-command.js';
import { schemaCommand } from './programs/schema-command.js';

await runSubcommand(
  [checkCommand, dryRunCommand, schemaCommand, forgetCommand],
  {
    command: 'programs',
    object: 'programs',
  },
);
