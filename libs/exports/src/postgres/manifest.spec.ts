import { grantOf } from '../../../ledger/test/entries.js';
import { exportedEntries } from '../../test/entries.js';
import { formatManifest, parseManifest, type Manifest } from './manifest.js';
import { ParquetRows } from '../parquet.js';
import { WHOLE } from '../selection.js';

const MANIFEST: Manifest = {
  version: 1,
  format: 'parquet',
  selection: { ...WHOLE, merchant: '7n' },
  timeZone: 'Asia/Shanghai',
  withOpening: false,
  escapeFormulas: false,
  cutAt: '2024-11-11T00:00:00.000Z',
  journals: [
    {
      journal: 'grants',
      shard: 5,
      after: 0n,
      upTo: 2n ** 63n - 1n,
      head: { sequence: 2n ** 63n - 1n, hash: '00' },
    },
  ],
  entries: 1,
  postings: 2,
  bytes: 4,
  formulaFields: 0,
  progress: { journal: 0, position: 1n, encoder: {} },
  sha256: null,
};

describe('a manifest', () => {
  it('is read back as it was, the state of a Parquet file included', () => {
    const rows = new ParquetRows(1);
    rows.add(exportedEntries([grantOf(2n ** 60n, '{"bigint":"1"}')]));
    rows.take();
    const encoder = { parquet: rows.state! };
    const manifest = {
      ...MANIFEST,
      progress: { ...MANIFEST.progress!, encoder },
    };
    const text = formatManifest(manifest);
    const read = parseManifest(text);
    expect(formatManifest(read)).toBe(text);
    expect(read.journals).toEqual(MANIFEST.journals);
    expect(read.progress?.encoder.parquet?.rowGroups[0]?.num_rows).toBe(2n);
  });

  it('of another version is refused', () => {
    const text = formatManifest(MANIFEST).replace(
      '"version": 1',
      '"version": 2',
    );
    expect(() => parseManifest(text)).toThrow(
      'a manifest of another version: 2',
    );
  });
});
