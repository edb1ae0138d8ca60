import { idOf, utcText, type ExportedEntry } from './exported-entry.js';

/** The columns in their order, by the names that the views of `audit` have. */
export const CSV_COLUMNS = [
  'entry_id',
  'journal',
  'shard',
  'sequence',
  'kind',
  'merchant_id',
  'occurred_at',
  'recorded_at',
  'program',
  'line',
  'account',
  'unit',
  'amount',
  'lot_id',
  'hash',
  'cause',
] as const;

/** RFC 4180. */
const LINE_END = '\r\n';
export const CSV_HEADER = CSV_COLUMNS.join(',') + LINE_END;

/** What makes a spreadsheet take a field for a formula (OWASP, "CSV Injection"); whitespace ahead of it is dropped. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Writes entries as CSV, and counts the fields that a spreadsheet would take for formulas. */
export class CsvRows {
  /**
   * @param escapeFormulas put `'` ahead of such fields, which then are no longer what is stored
   * @param formulaFields counted until now
   */
  constructor(
    private readonly escapeFormulas: boolean,
    public formulaFields = 0,
  ) {}

  /** A row for each posting; one with empty columns for an entry that has none, such as a switch. */
  rows(entry: ExportedEntry): string {
    const countedBefore = this.formulaFields;
    const ahead = [
      idOf(entry),
      entry.journal,
      entry.shard,
      entry.sequence,
      this.#text(entry.kind),
      this.#text(entry.merchantId),
      utcText(entry.occurredAtMicros),
      utcText(entry.recordedAtMicros),
      this.#text(entry.program),
    ].join(',');
    // They stand in each row.
    const rowsMore = Math.max(0, entry.postings.length - 1);
    this.formulaFields += (this.formulaFields - countedBefore) * rowsMore;
    const behind = `${entry.hash},${quoted(entry.causeText)}`;
    if (entry.postings.length === 0)
      return `${ahead},,,,,,${behind}${LINE_END}`;
    let rows = '';
    for (const { line, account, unit, amount, lotId } of entry.postings)
      rows += `${ahead},${line},${this.#text(account)},${this.#text(unit)},${amount},${this.#text(lotId)},${behind}${LINE_END}`;
    return rows;
  }

  #text(text: string | null): string {
    if (text === null) return '';
    if (!FORMULA.test(text)) return quoted(text);
    this.formulaFields += 1;
    return quoted(this.escapeFormulas ? `'${text}` : text);
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
