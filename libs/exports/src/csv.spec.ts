import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { anyEntries, exportedEntries } from '../test/entries.js';
import { grantOf } from '../../ledger/test/entries.js';
import { CSV_HEADER, CsvRows } from './csv.js';
import { idOf, utcText } from './exported-entry.js';

describe('CsvRows', () => {
  it('has a row for each posting, read back as it is stored', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const csv = new CsvRows(false);
        const text =
          CSV_HEADER + entries.map((entry) => csv.rows(entry)).join('');
        const rows: Record<string, string>[] = parse(text, {
          columns: true,
          record_delimiter: '\r\n',
        });
        expect(rows).toEqual(
          entries.flatMap((entry) =>
            (entry.postings.length > 0 ? entry.postings : [null]).map(
              (posting) => ({
                entry_id: idOf(entry),
                journal: entry.journal,
                shard: String(entry.shard),
                sequence: String(entry.sequence),
                kind: entry.kind,
                merchant_id: entry.merchantId ?? '',
                occurred_at: utcText(entry.occurredAtMicros),
                recorded_at: utcText(entry.recordedAtMicros),
                program: entry.program ?? '',
                line: String(posting?.line ?? ''),
                account: posting?.account ?? '',
                unit: posting?.unit ?? '',
                amount: String(posting?.amount ?? ''),
                lot_id: posting?.lotId ?? '',
                hash: entry.hash,
                cause: entry.causeText,
              }),
            ),
          ),
        );
      }),
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1'])(
    'counts %j as a formula, and changes it only where asked to',
    (merchantId) => {
      const [entry] = exportedEntries([grantOf(5n, merchantId)]);
      const exact = new CsvRows(false);
      expect(exact.rows(entry!)).toContain(`,grant,${merchantId},`);
      expect(exact.formulaFields).toBe(2);
      const escaped = new CsvRows(true);
      expect(escaped.rows(entry!)).toContain(`,grant,'${merchantId},`);
      expect(escaped.formulaFields).toBe(2);
    },
  );

  it('takes no amount for a formula', () => {
    const csv = new CsvRows(true);
    const [entry] = exportedEntries([grantOf(5n, 'm1')]);
    expect(csv.rows(entry!)).toContain(',pool:ladder,ANY_IMP,-5,');
    expect(csv.formulaFields).toBe(0);
  });
});
