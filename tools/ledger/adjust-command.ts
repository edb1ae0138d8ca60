import { identifier, UNITS } from '@app/contracts';
import { runCommand, UsageError } from '../support/cli.js';
import { readInstant } from '../support/read-instant.js';
import { adjust, type AdjustRequest, type ProposedChange } from './adjust.js';
import { ENVIRONMENT_USAGE, ledgerUrl, type Subcommand } from './subcommand.js';

const USAGE = `Usage: npm run ledger -- adjust propose give|take-back|budget|cash|pay-out --by NAME --reason TEXT [options]
       npm run ledger -- adjust approve ID --by NAME
       npm run ledger -- adjust reject ID --by NAME --reason TEXT
       npm run ledger -- adjust list [--all]
       npm run ledger -- adjust show ID

Corrects the ledger by entries that one identity proposes and another approves; the pair is in the entry. Writes as
the role ledger_adjuster; the system may run.

What can be proposed:
  give       traffic out of a program's pool, as a new lot; what the merchant owes is settled first
               --merchant ID --program NAME --unit UNIT --amount N, and --expires TIME or --expires-in-days N
  take-back  traffic from a lot; what is not available any more is owed
               --lot ID --amount N
  budget     budget into a program's pool, or out of it, at its home or in one shard
               --program NAME --unit UNIT, --add N or --cut N [--shard N]
  cash       cash out of a program's pool, to be paid out; what the merchant owes is settled first
               --merchant ID --program NAME --amount N
  pay-out    that cash was paid out
               --merchant ID --amount N

Options:
  --by <name>            who proposes, approves or rejects: lower-case letters, digits and . _ @ + -
  --reason <text>        why
  --merchant <id>        whose
  --program <name>       out of, or into, whose pool
  --unit <unit>          ${UNITS.join(', ')}
  --amount <number>      how much, in minor units (impressions, or fen)
  --expires <time>       when the lot expires, such as 2024-12-01T00:00:00+08:00
  --expires-in-days <n>  the same, in days of 24 hours from now
  --lot <id>             such as grants-5-17
  --add, --cut <number>  how much more or less, at its home or in one shard
  --shard <number>       one shard's slice of the pool alone
  --all                  list those that were decided on as well
  --json                 print the result as JSON
  -h, --help             this help

The status is 0 where it is done, 1 where it is refused, 2 where the arguments are wrong.

Examples:
  npm run ledger -- adjust propose give --merchant m1 --program order-ladder --unit LIVE_IMP --amount 5000 \\
    --expires-in-days 30 --by alice --reason 'outage of the live room on the 11th'
  npm run ledger -- adjust approve adj-5-3f9c2a71b04d --by bob

${ENVIRONMENT_USAGE}`;

const OPTIONS = {
  by: { type: 'string' },
  reason: { type: 'string' },
  merchant: { type: 'string' },
  program: { type: 'string' },
  unit: { type: 'string' },
  amount: { type: 'string' },
  expires: { type: 'string' },
  'expires-in-days': { type: 'string' },
  lot: { type: 'string' },
  add: { type: 'string' },
  cut: { type: 'string' },
  shard: { type: 'string' },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Values = Partial<Record<keyof typeof OPTIONS, string | boolean>>;

export const adjustCommand: Subcommand = {
  name: 'adjust',
  summary: 'corrects it: what one identity proposes and another approves',
  run: (args) =>
    runCommand(
      { usage: USAGE, options: OPTIONS, allowPositionals: true },
      (values, positionals) =>
        adjust(ledgerUrl(), parseRequest(positionals, values), values.json),
      args,
    ),
};

/** @throws UsageError saying what is missing, wrong or too much */
export function parseRequest(
  positionals: readonly string[],
  values: Values,
): AdjustRequest {
  const [what, ...rest] = positionals;
  const given = new Given(values);
  const request = parse(what, rest, given);
  given.assertAllTaken();
  return request;
}

function parse(
  what: string | undefined,
  rest: readonly string[],
  given: Given,
): AdjustRequest {
  switch (what) {
    case 'propose':
      return {
        what,
        change: parseChange(rest, given),
        by: given.text('by'),
        reason: given.text('reason'),
      };
    case 'approve':
      return { what, id: only(rest), by: given.text('by') };
    case 'reject':
      return {
        what,
        id: only(rest),
        by: given.text('by'),
        reason: given.text('reason'),
      };
    case 'list':
      assertNoMore(rest);
      return { what, all: given.flag('all') };
    case 'show':
      return { what, id: only(rest) };
    default:
      throw new UsageError(
        'Say what to do: propose, approve, reject, list or show; --help says more.',
      );
  }
}

function parseChange(
  [type, ...rest]: readonly string[],
  given: Given,
): ProposedChange {
  assertNoMore(rest);
  switch (type) {
    case 'give':
      return {
        type,
        merchantId: given.name('merchant'),
        program: given.name('program'),
        unit: given.unit(),
        amount: given.amount('amount'),
        ...given.expiry(),
      };
    case 'take-back':
      return { type, lotId: given.lot(), amount: given.amount('amount') };
    case 'budget':
      return {
        type,
        program: given.name('program'),
        unit: given.unit(),
        amount: given.change(),
        shard: given.shard(),
      };
    case 'cash':
      return {
        type,
        merchantId: given.name('merchant'),
        program: given.name('program'),
        amount: given.amount('amount'),
      };
    case 'pay-out':
      return {
        type,
        merchantId: given.name('merchant'),
        amount: given.amount('amount'),
      };
    default:
      throw new UsageError(
        'Say what to propose: give, take-back, budget, cash or pay-out; --help says more.',
      );
  }
}

/** The options, each to be taken where it is of use; what is left over would be passed over in silence. */
class Given {
  readonly #left: Set<string>;

  constructor(private readonly values: Values) {
    this.#left = new Set(
      Object.entries(values)
        .filter(([name, value]) => name !== 'json' && value !== false)
        .map(([name]) => name),
    );
  }

  text(name: keyof Values): string {
    const value = this.#take(name);
    if (typeof value !== 'string' || value.trim() === '')
      throw new UsageError(`--${name} is missing; --help says more.`);
    return value;
  }

  /** Of a merchant or a program: what it is given to or out of stands in the ledger for good. */
  name(name: 'merchant' | 'program'): string {
    const text = this.text(name);
    if (!identifier.safeParse(text).success)
      throw new UsageError(
        `--${name} is ${JSON.stringify(text)}: expected 1 to 256 characters, none of them a control character.`,
      );
    return text;
  }

  flag(name: keyof Values): boolean {
    return this.#take(name) === true;
  }

  amount(name: 'amount' | 'add' | 'cut'): bigint {
    const text = this.text(name);
    if (!/^\d{1,19}$/.test(text) || BigInt(text) === 0n)
      throw new UsageError(
        `--${name} is "${text}": expected a whole number from 1, in minor units.`,
      );
    return BigInt(text);
  }

  /** What a budget changes by. */
  change(): bigint {
    const isAdded = this.values.add !== undefined;
    if (isAdded === (this.values.cut !== undefined))
      throw new UsageError('Give --add or --cut, one of the two.');
    return isAdded ? this.amount('add') : -this.amount('cut');
  }

  unit(): (typeof UNITS)[number] {
    const text = this.text('unit');
    const unit = UNITS.find((known) => known === text);
    if (!unit)
      throw new UsageError(
        `--unit is "${text}": expected one of ${UNITS.join(', ')}.`,
      );
    return unit;
  }

  lot(): string {
    const text = this.text('lot');
    if (!/^grants-\d{1,4}-[1-9]\d{0,17}$/.test(text))
      throw new UsageError(
        `--lot is "${text}": expected the id of a lot, such as grants-5-17.`,
      );
    return text;
  }

  shard(): number | null {
    if (this.values.shard === undefined) return null;
    const text = this.text('shard');
    if (!/^\d{1,5}$/.test(text))
      throw new UsageError(
        `--shard is "${text}": expected the number of a shard, from 0 on.`,
      );
    return Number(text);
  }

  expiry(): { expiresAtMs: number } | { expiresInDays: number } {
    const isTime = this.values.expires !== undefined;
    if (isTime === (this.values['expires-in-days'] !== undefined))
      throw new UsageError(
        'Give --expires or --expires-in-days, one of the two.',
      );
    if (!isTime) return { expiresInDays: this.#days() };
    const text = this.text('expires');
    const expiresAt = readInstant(text);
    if (!expiresAt)
      throw new UsageError(
        `--expires is "${text}": expected a time with its offset, such as 2024-12-01T00:00:00+08:00.`,
      );
    return { expiresAtMs: expiresAt.getTime() };
  }

  /** @throws UsageError naming an option that nobody took */
  assertAllTaken(): void {
    const [left] = this.#left;
    if (left !== undefined)
      throw new UsageError(`--${left} is of no use here; --help says more.`);
  }

  #days(): number {
    const text = this.text('expires-in-days');
    if (!/^\d{1,4}$/.test(text) || Number(text) === 0)
      throw new UsageError(
        `--expires-in-days is "${text}": expected a whole number from 1 to 9999.`,
      );
    return Number(text);
  }

  #take(name: keyof Values): string | boolean | undefined {
    this.#left.delete(name);
    return this.values[name];
  }
}

function only(rest: readonly string[]): string {
  const [id, ...more] = rest;
  if (id === undefined)
    throw new UsageError('Say which proposal, by its id: such as adj-5-3f9c.');
  assertNoMore(more);
  return id;
}

function assertNoMore([more]: readonly string[]): void {
  if (more !== undefined)
    throw new UsageError(`"${more}" is too much; --help says more.`);
}
