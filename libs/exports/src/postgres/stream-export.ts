import type { Pool } from '@app/ledger/postgres';
import { createEncoder } from '../encoder.js';
import type { ExportTools } from './export-file.js';
import type { ExportRequest } from './manifest.js';
import { cutJournals, readOpening, readSelected } from './read-selected.js';

/**
 * The bytes of an export up to the heads of this moment, a page at a time: those that a file would have. Whoever stops
 * taking them begins anew.
 */
export async function* streamExport(
  pool: Pool,
  { format, selection, timeZone, withOpening, escapeFormulas }: ExportRequest,
  { zoneOf, rowGroupRows }: Pick<ExportTools, 'zoneOf' | 'rowGroupRows'>,
): AsyncGenerator<Buffer> {
  const encoder = createEncoder(format, {
    selection,
    zone: zoneOf(timeZone),
    escapeFormulas,
    ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
  });
  const journals = await cutJournals(pool, selection);
  yield encoder.begin();
  for (const cut of journals) {
    if (withOpening)
      yield encoder.opening(
        cut.journal,
        cut.shard,
        await readOpening(pool, cut, selection),
      );
    for await (const { entries } of readSelected(pool, cut, selection))
      yield encoder.page(entries);
  }
  yield encoder.end();
}
