import { autoPromotionLimits, type AutoPromotionLimits } from '@app/contracts';
import type { Queryable } from '@app/ledger/postgres';
import { endOfDayMs, startOfDayMs } from '@app/promotion';
import type { KnownMerchant } from '@app/promotion/postgres';
import { ask, placeOf } from '../ledger/ask/ask.js';
import {
  LANGUAGE_OPTION,
  LANGUAGE_USAGE,
  parseLanguage,
} from '../ledger/ask/language.js';
import { json, write } from '../ledger/ask/output.js';
import { ENVIRONMENT_USAGE, subcommand } from '../ledger/subcommand.js';
import { BASELINES } from '../spending/baselines/index.js';
import { RecordedMerchant, type Span } from '../spending/recorded-merchant.js';
import {
  addComparisons,
  noComparison,
  whatIf,
  type Change,
} from '../spending/what-if.js';
import { UsageError } from '../support/cli.js';
import { ProgressLine } from '../support/progress-line.js';
import { parseLocalPeriod } from './local-period.js';
import { whatIfText } from './what-if-text.js';

const NAMES = Object.keys(BASELINES);
const USAGE = `Usage: npm run promotion -- what-if [--policy <name>] [--limits <json>] [--from <day>] [--to <day>]
       [--merchant <id>]… [--json] [--language zh|en]

Runs another spending policy, or the same under other limits, over what was recorded, and compares it with the running
policy over the same and with what happened. Nothing is written.

What it can tell: how policies compare over the lots and the slots that there were. What it cannot: what slots earn that
had no order, since nobody knows of them; what more impressions would really have earned, since what was not delivered
is taken to earn at its target's own mean rate, without diminishing; how a policy does that has learnt before, since each
begins without memory, at each merchant. So hold the two policies against each other rather than against what happened.
docs/spending-forecast.md says more.

Options:
  --policy <name>     ${NAMES.slice(0, 3).join(', ')},
                      ${NAMES.slice(3).join(' or ')}; by default the running one
  --limits <json>     such as '{"dailyCapImpressions":5000,"placements":["live"]}', in place of those that merchants had
  --from <day>        such as 2024-11-01, in Asia/Shanghai; by default 29 days before --to
  --to <day>          the last day; by default today
  --merchant <id>     this one alone; may be given several times
  --json              JSON
${LANGUAGE_USAGE}  -h, --help          this help

${ENVIRONMENT_USAGE}`;

export const whatIfCommand = subcommand({
  name: 'what-if',
  summary:
    'what another spending policy would have done with what was recorded',
  usage: USAGE,
  options: {
    policy: { type: 'string' },
    limits: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    merchant: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    ...LANGUAGE_OPTION,
  },
  main: (options) => {
    const change = parseChange(options);
    const nowMs = Date.now();
    const period = parseLocalPeriod(options, nowMs);
    const language = parseLanguage(options.language);
    const span: Span = {
      fromMs: startOfDayMs(period.from),
      toMs: Math.min(nowMs, endOfDayMs(period.to)),
    };
    return ask(
      async ({ pool, shards }) => {
        let all = noComparison();
        for await (const merchant of merchants(pool, shards, options.merchant))
          all = addComparisons(
            all,
            await compare(pool, merchant, change, span),
          );
        const { policy, limits } = options;
        const report = {
          period,
          policy: policy ?? null,
          limits: limits === undefined ? null : change.limits!,
          ...all,
        };
        await write(
          options.json ? `${json(report)}\n` : whatIfText(report, language),
        );
      },
      { role: 'api' },
    );
  },
});

function parseChange({
  policy,
  limits,
}: {
  policy?: string | undefined;
  limits?: string | undefined;
}): Change {
  if (policy === undefined && limits === undefined)
    throw new UsageError('Say what to change: --policy or --limits.');
  return {
    ...(policy === undefined ? {} : { policy: parsePolicy(policy) }),
    ...(limits === undefined ? {} : { limits: parseLimits(limits) }),
  };
}

function parsePolicy(name: string): NonNullable<Change['policy']> {
  const known = Object.entries(BASELINES).find(([one]) => one === name);
  if (!known)
    throw new UsageError(
      `--policy is "${name}": expected ${NAMES.join(', ')}.`,
    );
  return known[1];
}

function parseLimits(text: string): AutoPromotionLimits {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UsageError(`--limits is "${text}": expected JSON.`);
  }
  const { data, error } = autoPromotionLimits.safeParse(content);
  if (data) return data;
  const { path, message } = error.issues[0]!;
  throw new UsageError(
    `--limits is "${text}": ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}.`,
  );
}

interface PlacedMerchant extends KnownMerchant {
  shard: number;
}

/** Those that are asked for, or all that the promoter knows, a page of a shard at a time. */
async function* merchants(
  db: Queryable,
  shards: readonly number[],
  asked: readonly string[] | undefined,
): AsyncGenerator<PlacedMerchant> {
  const { knownMerchants, readMerchants } =
    await import('@app/promotion/postgres');
  if (asked) {
    for (const merchantId of new Set(asked)) {
      const { shard } = placeOf(merchantId, shards);
      const known = await readMerchants(db, shard, [merchantId]);
      const merchant = known.get(merchantId);
      if (merchant) yield { merchantId, shard, category: merchant.category };
    }
    return;
  }
  const progress = new ProgressLine(process.stderr);
  for (const [done, shard] of shards.entries()) {
    for await (const page of knownMerchants(db, shard))
      for (const merchant of page) yield { ...merchant, shard };
    progress.show('shards', done + 1, shards.length);
  }
  progress.done();
}

async function compare(
  db: Queryable,
  { merchantId, category, shard }: PlacedMerchant,
  change: Change,
  span: Span,
) {
  const { recordedEntries } = await import('@app/promotion/postgres');
  const merchant = new RecordedMerchant(
    merchantId,
    category ?? 'unknown',
    span,
  );
  for await (const page of recordedEntries(db, { shard, merchantId }))
    for (const entry of page) merchant.take(entry);
  return whatIf(merchant.history(), change, span.toMs);
}
