import type { BudgetCause } from '../cause.js';
import { amountText } from './amounts.js';
import type { Bilingual } from './bilingual.js';
import { ruleText, type Explained } from './explained.js';

/** The hash is told by its beginning; the cause has all of it. */
const HASH_LENGTH = 12;

export function explainBudget({
  when,
  cause,
  amount,
}: Explained<BudgetCause>): Bilingual {
  const rule = ruleText(cause);
  const budget = amountText(amount);
  const hash = `${cause.programHash.slice(0, HASH_LENGTH)}…`;
  return {
    zh: `${when.zh}${rule.zh}发布，本分片的流量池获得预算${budget.zh}。规则的SHA-256为${hash}。`,
    en: `${when.en}${rule.en} was published, and its pool in this shard got a budget of ${budget.en}. The SHA-256 of its rules is ${hash}.`,
  };
}
