import { runSubcommand } from './ledger/subcommand.js';
import { resultsCommand } from './promotion/results-command.js';

await runSubcommand([resultsCommand], {
  command: 'promotion',
  object: 'promotion',
});
