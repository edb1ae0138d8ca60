import { adjustCommand } from './ledger/adjust-command.js';
import { askCommands } from './ledger/ask/index.js';
import { exportCommand } from './ledger/export-command.js';
import { closeCommand } from './ledger/close-command.js';
import { rebuildCommand } from './ledger/rebuild-command.js';
import { runSubcommand } from './ledger/subcommand.js';
import { verifyCommand } from './ledger/verify-command.js';

await runSubcommand([
  verifyCommand,
  rebuildCommand,
  closeCommand,
  exportCommand,
  adjustCommand,
  ...askCommands,
]);
