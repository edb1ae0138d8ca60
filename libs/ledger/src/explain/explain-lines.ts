import type { StatementLine } from '../as-of/index.js';
import type { Bilingual } from './bilingual.js';
import { explainEntry } from './explain-entry.js';
import type { ExplainableEntry } from './explained.js';

export type ExplainedLine = StatementLine & { explanation: Bilingual };

/** Each line with what explains its entry, which is among the entries. */
export function explainLines(
  lines: readonly StatementLine[],
  entries: readonly (ExplainableEntry & { entryId: string })[],
): ExplainedLine[] {
  const explanations = new Map(
    entries.map((entry) => [entry.entryId, explainEntry(entry)]),
  );
  return lines.map((line) => ({
    ...line,
    explanation: explanations.get(line.entryId)!,
  }));
}
