import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { grantOf } from '../../ledger/test/entries.js';
import { exportedEntries } from '../test/entries.js';
import { queryDuckDb } from '../test/parquet-file.js';
import { idOf, type ExportedEntry } from './exported-entry.js';
import { ParquetRows, type ParquetState } from './parquet.js';

/** More than a double holds. */
const LARGE = 2n ** 53n + 1n;
const ENTRIES: ExportedEntry[] = exportedEntries(
  Array.from({ length: 100 }, (_, i) => ({
    ...grantOf(LARGE + BigInt(i), `m${i % 7}, 商家`),
    ...(i % 10 === 0 ? { postings: [] } : {}),
  })),
);

describe('ParquetRows', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes what another reader reads, exactly', async () => {
    const file = await write('all', whole(30));
    const rows = await queryDuckDb(`SELECT * FROM '${file}'`);
    expect(rows).toEqual(
      ENTRIES.flatMap((entry) =>
        (entry.postings.length > 0 ? entry.postings : [null]).map(
          (posting) => ({
            entry_id: idOf(entry),
            journal: entry.journal,
            shard: entry.shard,
            sequence: entry.sequence,
            kind: entry.kind,
            merchant_id: entry.merchantId,
            occurred_at: new DuckDBTimestampTZValue(entry.occurredAtMicros),
            recorded_at: new DuckDBTimestampTZValue(entry.recordedAtMicros),
            program: entry.program,
            line: posting?.line ?? null,
            account: posting?.account ?? null,
            unit: posting?.unit ?? null,
            amount: posting?.amount ?? null,
            lot_id: posting?.lotId ?? null,
            hash: entry.hash,
            cause: entry.causeText,
          }),
        ),
      ),
    );
  });

  it('has types that need no telling', async () => {
    const file = await write('types', whole(1_000));
    const columns = await queryDuckDb(`DESCRIBE SELECT * FROM '${file}'`);
    expect(
      columns.map(({ column_name: name, column_type: type }) => [name, type]),
    ).toEqual(
      expect.arrayContaining([
        ['sequence', 'BIGINT'],
        ['amount', 'BIGINT'],
        ['occurred_at', 'TIMESTAMP WITH TIME ZONE'],
        ['merchant_id', 'VARCHAR'],
        ['shard', 'INTEGER'],
      ]),
    );
  });

  it('writes row groups as they fill, with names in dictionaries', async () => {
    const file = await write('groups', whole(30));
    const [groups] = await queryDuckDb(
      `SELECT count(DISTINCT row_group_id) AS groups, count(DISTINCT encodings) AS encodings
       FROM parquet_metadata('${file}') WHERE path_in_schema = 'merchant_id' AND encodings LIKE '%RLE_DICTIONARY%'`,
    );
    expect(groups).toEqual({ groups: 5n, encodings: 1n });
  });

  it('is a file without rows where there are none', async () => {
    const rows = new ParquetRows();
    const file = await write('none', Buffer.concat([rows.take(), rows.end()]));
    expect(await queryDuckDb(`SELECT * FROM '${file}'`)).toEqual([]);
  });

  it('goes on from any state with the same bytes', () => {
    const expected = whole(30);
    for (let pages = 1; pages < 20; pages += 1) {
      const first = new ParquetRows(30);
      let written = [first.take()];
      let safe = { at: 0, bytes: Buffer.concat(written), state: first.state };
      for (let page = 0; page < pages; page += 1) {
        first.add(pageOf(page));
        written = [...written, first.take()];
        const { state } = first;
        if (state)
          safe = { at: page + 1, bytes: Buffer.concat(written), state };
      }
      // In another process: the state has been text meanwhile, and its bigints have been told apart.
      const second = new ParquetRows(
        30,
        structuredClone(safe.state) as ParquetState,
      );
      const rest: Buffer[] = [];
      for (let page = safe.at; page < 20; page += 1) {
        second.add(pageOf(page));
        rest.push(second.take());
      }
      rest.push(second.end());
      expect(Buffer.concat([safe.bytes, ...rest]).equals(expected)).toBe(true);
    }
  });

  async function write(name: string, bytes: Buffer): Promise<string> {
    const file = join(folder, `${name}.parquet`);
    await writeFile(file, bytes);
    return file;
  }
});

function whole(rowGroupRows: number): Buffer {
  const rows = new ParquetRows(rowGroupRows);
  const written = [rows.take()];
  for (let page = 0; page < 20; page += 1) {
    rows.add(pageOf(page));
    written.push(rows.take());
  }
  written.push(rows.end());
  return Buffer.concat(written);
}

/** Five entries each. */
function pageOf(page: number): ExportedEntry[] {
  return ENTRIES.slice(page * 5, page * 5 + 5);
}
