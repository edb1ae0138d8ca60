import { runSubcommand } from './ledger/subcommand.js';
import { verifyCommand } from './ledger/verify-command.js';

await runSubcommand([verifyCommand]);
