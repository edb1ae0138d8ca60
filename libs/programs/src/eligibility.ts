import {
  Environment,
  EvaluationError,
  type ASTNode,
} from '@marcbachmann/cel-js';
import { DAY_MS } from './time/time-zone.js';

/** Who may be rewarded: an expression of the Common Expression Language over what is known of the merchant. */
export interface Eligibility {
  /** As the file has it. */
  expression: string;
  /**
   * Whether it holds for a merchant. Pure. Where it cannot be computed (a division by zero, a number above
   * 2^63), it does not hold: who pays has to be sure.
   *
   * @param atMs when: milliseconds since the epoch
   */
  holds(facts: AskedFacts, atMs: number): boolean;
}

/** What an expression can ask of a merchant's facts. Times in milliseconds since the epoch; null is not known. */
export interface AskedFacts {
  registeredAtMs: number | null;
  category: string | null;
  followers: bigint;
  firstStream: { atMs: number } | null;
  firstSale: { atMs: number } | null;
  flaggedAtMs: number | null;
}

/** An expression that cannot be used, and why. */
export class EligibilityError extends Error {
  override readonly name = 'EligibilityError';
}

/** Characters of an expression. */
export const MAX_ELIGIBILITY_LENGTH = 1_000;

/**
 * Parses and checks an expression. What passes is true or false for each merchant, in a time that its length
 * bounds: it is a subset of the language without loops and regular expressions.
 *
 * @throws EligibilityError
 */
export function parseEligibility(expression: string): Eligibility {
  const { valid, type, error } = language.check(expression);
  if (error)
    throw new EligibilityError(located(error.summary, error.range?.start));
  if (!valid || type !== 'bool')
    throw new EligibilityError(`this one is of type ${type}`);
  const evaluate = language.parse(expression);
  refuseOthers(evaluate.ast);
  return new Expression(expression, evaluate);
}

class Expression implements Eligibility {
  /**
   * What came out without a look at the time, by what was known of the merchant: it is the same at any time. What is
   * known never changes in place.
   */
  readonly #timeless = new WeakMap<AskedFacts, boolean>();
  readonly #namesNow: boolean;

  constructor(
    readonly expression: string,
    private readonly evaluate: (context: {
      merchant: Merchant;
      now: Date;
    }) => unknown,
  ) {
    this.#namesNow = /\bnow\b/.test(expression);
  }

  holds(facts: AskedFacts, atMs: number): boolean {
    const known = this.#timeless.get(facts);
    if (known !== undefined) return known;
    const merchant = new Merchant(facts, atMs);
    const holds = this.#holdsFor(merchant, atMs);
    if (!this.#namesNow && !merchant.toldTime) this.#timeless.set(facts, holds);
    return holds;
  }

  #holdsFor(merchant: Merchant, atMs: number): boolean {
    try {
      return this.evaluate({ merchant, now: new Date(atMs) }) === true;
    } catch (error) {
      if (error instanceof EvaluationError) return false;
      throw error;
    }
  }
}

/** What `merchant` is in an expression. Times that are not known are the epoch, 1970-01-01T00:00:00Z. */
class Merchant {
  #toldTime = false;

  constructor(
    private readonly facts: AskedFacts,
    private readonly atMs: number,
  ) {}

  /** Whether anything was asked that depends on the time. */
  get toldTime(): boolean {
    return this.#toldTime;
  }

  get isRegistered(): boolean {
    return this.facts.registeredAtMs !== null;
  }

  get registeredAt(): Date {
    return new Date(this.facts.registeredAtMs ?? 0);
  }

  /** Whole days of 24 hours; -1 where the registration is not known. */
  get daysSinceRegistration(): bigint {
    const { registeredAtMs } = this.facts;
    if (registeredAtMs === null) return -1n;
    this.#toldTime = true;
    const days = Math.floor((this.atMs - registeredAtMs) / DAY_MS);
    return BigInt(Math.max(days, 0));
  }

  get category(): string {
    return this.facts.category ?? '';
  }

  get followers(): bigint {
    return this.facts.followers;
  }

  get hasStreamed(): boolean {
    return this.facts.firstStream !== null;
  }

  get firstStreamAt(): Date {
    return new Date(this.facts.firstStream?.atMs ?? 0);
  }

  get hasSold(): boolean {
    return this.facts.firstSale !== null;
  }

  get firstSaleAt(): Date {
    return new Date(this.facts.firstSale?.atMs ?? 0);
  }

  get isFlagged(): boolean {
    return this.facts.flaggedAtMs !== null;
  }
}

const TIMESTAMP = 'google.protobuf.Timestamp';

const language = new Environment()
  .registerType('Merchant', {
    ctor: Merchant,
    fields: {
      isRegistered: 'bool',
      registeredAt: TIMESTAMP,
      daysSinceRegistration: 'int',
      category: 'string',
      followers: 'int',
      hasStreamed: 'bool',
      firstStreamAt: TIMESTAMP,
      hasSold: 'bool',
      firstSaleAt: TIMESTAMP,
      isFlagged: 'bool',
    } satisfies Record<Exclude<keyof Merchant, 'toldTime'>, string>,
  })
  .registerVariable('merchant', 'Merchant')
  .registerVariable('now', TIMESTAMP);

const OPERATORS: ReadonlySet<string> = new Set(
  'value id . list && || !_ ?: == != < <= > >= in + - * / % -_'.split(' '),
);
const LITERALS = ['timestamp', 'duration'];
const METHODS = ['startsWith', 'endsWith', 'contains', 'size'];

/**
 * Macros are left out since nested ones take time without bound, regular expressions for the same reason, the
 * parts of a time since they would depend on the machine's time zone, and `dyn` since it evades the check.
 */
function refuseOthers(node: ASTNode): void {
  if (node.op === 'call' && LITERALS.includes(node.args[0]))
    return refuseWrongLiteral(node);
  if (node.op === 'rcall' && METHODS.includes(node.args[0]))
    return [node.args[1], ...node.args[2]].forEach(refuseOthers);
  if (node.op === 'call' || node.op === 'rcall')
    throw new EligibilityError(
      located(
        `no ${node.args[0]}, only ${[...LITERALS, ...METHODS].join(', ')}`,
        node.range.start,
      ),
    );
  if (!OPERATORS.has(node.op))
    throw new EligibilityError(located(`no ${node.op}`, node.range.start));
  operandsOf(node.args).forEach(refuseOthers);
}

/** A time that does not exist would come to light only when somebody is to be paid. */
function refuseWrongLiteral({ input, range }: ASTNode): void {
  const literal = input.slice(range.start, range.end);
  const wrong = new EligibilityError(
    located(
      'no such time, only as timestamp("2026-11-01T00:00:00+08:00") and duration("720h")',
      range.start,
    ),
  );
  if (!/^\w+\(\s*(["']).*\1\s*\)$/s.test(literal)) throw wrong;
  try {
    language.evaluate(literal, {});
  } catch {
    throw wrong;
  }
}

function operandsOf(args: unknown): ASTNode[] {
  const list = Array.isArray(args) ? args : [args];
  return list.filter(
    (item): item is ASTNode =>
      typeof item === 'object' && item !== null && 'op' in item,
  );
}

/** @param start from 0; the first character is called 1, as editors do */
function located(what: string, start = 0): string {
  return `${what} (at character ${start + 1})`;
}
