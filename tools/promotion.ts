import { runSubcommand } from './ledger/subcommand.js';
import { forecastCommand } from './promotion/forecast-command.js';
import { resultsCommand } from './promotion/results-command.js';
import { whatIfCommand } from './promotion/what-if-command.js';

await runSubcommand([resultsCommand, forecastCommand, whatIfCommand], {
  command: 'promotion',
  object: 'promotion',
});
