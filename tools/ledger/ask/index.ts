import type { Subcommand } from '../subcommand.js';
import { balancesCommand } from './balances-command.js';
import { eventCommand } from './event-command.js';
import { lotCommand } from './lot-command.js';
import { lotsCommand } from './lots-command.js';
import { reconcileCommand } from './reconcile-command.js';
import { ruleCommand } from './rule-command.js';
import { statementCommand } from './statement-command.js';
import { trialBalanceCommand } from './trial-balance-command.js';

/** What can be asked of the ledger, as of a moment or by cause. */
export const askCommands: readonly Subcommand[] = [
  balancesCommand,
  trialBalanceCommand,
  lotsCommand,
  statementCommand,
  lotCommand,
  eventCommand,
  ruleCommand,
  reconcileCommand,
];
