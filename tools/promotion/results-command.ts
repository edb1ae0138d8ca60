import {
  compareWithBaseline,
  gmvMinorPerUnit,
  GROUPINGS,
  groupResults,
  sumResults,
  type Comparison,
  type Grouping,
  type Pace,
} from '@app/promotion';
import { ask, placeOf, required } from '../ledger/ask/ask.js';
import {
  LANGUAGE_OPTION,
  LANGUAGE_USAGE,
  parseLanguage,
} from '../ledger/ask/language.js';
import { json, write } from '../ledger/ask/output.js';
import { ENVIRONMENT_USAGE, subcommand } from '../ledger/subcommand.js';
import { UsageError } from '../support/cli.js';
import { parseLocalPeriod } from './local-period.js';
import { resultsText, type Report } from './results-text.js';

const USAGE = `Usage: npm run promotion -- results --merchant <id> [--from <day>] [--to <day>]
       [--by day|placement|target] [--json] [--language zh|en]

What came of a merchant's promotion: what was spent and what ad delivery says that it brought; and how their promoted
streams and videos sold, against their own that were not promoted. docs/results.md says what is counted.

Options:
  --merchant <id>
  --from <day>        such as 2024-11-01, in Asia/Shanghai; by default 29 days before --to
  --to <day>          the last day; by default today
  --by <what>         a line for each day, placement, or target (a session or a video); by default day
  --json              JSON, its integers exact
${LANGUAGE_USAGE}  -h, --help          this help

${ENVIRONMENT_USAGE}`;

export const resultsCommand = subcommand({
  name: 'results',
  summary: "what came of a merchant's promotion",
  usage: USAGE,
  options: {
    merchant: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    by: { type: 'string', default: 'day' },
    json: { type: 'boolean', default: false },
    ...LANGUAGE_OPTION,
  },
  main: (options) => {
    const merchantId = required('merchant', options.merchant);
    const period = parseLocalPeriod(options, Date.now());
    const by = parseGrouping(options.by);
    const language = parseLanguage(options.language);
    return ask(
      async ({ pool, shards }) => {
        const { readPromotion } = await import('@app/promotion/postgres');
        const place = placeOf(merchantId, shards);
        const { results, resultsAhead, sales } = await readPromotion(
          pool,
          place,
          period,
        );
        const comparisons = compareWithBaseline(
          sales,
          [...resultsAhead, ...results],
          period,
        );
        const report = { merchantId, period, by, results, comparisons };
        await write(
          options.json
            ? `${json(jsonOf(report))}\n`
            : resultsText(report, language),
        );
      },
      { role: 'api' },
    );
  },
});

function parseGrouping(text: string): Grouping {
  const grouping = GROUPINGS.find((known) => known === text);
  if (!grouping)
    throw new UsageError(
      `--by is "${text}": expected day, placement or target.`,
    );
  return grouping;
}

function jsonOf({ merchantId, period, by, results, comparisons }: Report) {
  return {
    merchantId,
    period,
    by,
    results: groupResults(results, by),
    total: sumResults(results),
    comparisons: comparisons.map(comparisonJson),
  };
}

function comparisonJson({ placement, promoted, unpromoted }: Comparison) {
  const paceJson = ({ time, orders, gmvMinor }: Pace) => ({
    ...(placement === 'live' ? { seconds: time } : { days: time }),
    orders,
    gmvMinor,
    [placement === 'live' ? 'gmvMinorPerHour' : 'gmvMinorPerDay']:
      gmvMinorPerUnit(placement, { time, orders, gmvMinor }),
  });
  return {
    placement,
    promoted: paceJson(promoted),
    unpromoted: paceJson(unpromoted),
  };
}
