import { runSubcommand } from './ledger/subcommand.js';
import { forecastCommand } from './promotion/forecast-command.js';
import { resultsCommand } from './promotion/results-command.js';

await runSubcommand([resultsCommand, forecastCommand], {
  command: 'promotion',
  object: 'promotion',
});
