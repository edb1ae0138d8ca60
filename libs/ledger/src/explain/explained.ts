import type { Unit } from '@app/contracts';
import type { Cause } from '../cause.js';
import type { Amount } from './amounts.js';
import { asIs, type Bilingual } from './bilingual.js';
import { timeText } from './times.js';

/** What of an entry its explanation is made of; as stored or as decided, both will do. */
export interface ExplainableEntry {
  merchantId: string | null;
  occurredAt: Date;
  postings: readonly { unit: Unit; amount: bigint }[];
  cause: Cause;
}

/** What a sentence needs to know besides the cause. */
export class Explained<C extends Cause = Cause> {
  /** Whose entry it is, by their id. */
  readonly merchant: Bilingual;
  /** Opens the sentence: when it happened. */
  readonly when: Bilingual;

  constructor(
    readonly entry: ExplainableEntry,
    readonly cause: C,
  ) {
    const { merchantId, occurredAt } = entry;
    this.merchant =
      merchantId === null
        ? { zh: '商家', en: 'the merchant' }
        : asIs(merchantId);
    const when = timeText(occurredAt);
    this.when = { zh: `${when.zh}，`, en: `${when.en}: ` };
  }

  /** By unit, what moved from one account to another: each amount once, in the order of the postings. */
  get moved(): { unit: Unit; amount: bigint }[] {
    const sums = new Map<Unit, bigint>();
    for (const { unit, amount } of this.entry.postings)
      if (amount > 0n) sums.set(unit, (sums.get(unit) ?? 0n) + amount);
    return Array.from(sums, ([unit, amount]) => ({ unit, amount }));
  }

  /** What moved, of an entry of one unit; nothing, of no unit, where nothing did. */
  get amount(): Amount {
    return this.moved[0] ?? { unit: null, amount: 0n };
  }

  /** The unit of an entry of one; null where nothing moved. */
  get unit(): Unit | null {
    return this.amount.unit;
  }
}

export function ruleText({
  program,
  version,
}: {
  program: string;
  version: number;
}): Bilingual {
  return {
    zh: `激励计划${program}（第${version}版）`,
    en: `${program}, version ${version},`,
  };
}
