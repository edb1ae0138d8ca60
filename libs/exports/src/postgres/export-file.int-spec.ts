import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { createLedger, type TestLedger } from '../../../ledger/test/journal.js';
import {
  commitAt,
  fillLedger,
  grantTo,
  ODD_MERCHANTS,
} from '../../test/ledger.js';
import { FORMATS, type Format } from '../encoder.js';
import { beginExport, resumeExport, type ExportTools } from './export-file.js';
import { idOf, recomputeHash, type ExportedEntry } from '../exported-entry.js';
import { readManifest, type ExportRequest } from './manifest.js';
import { parseNdjsonLine } from '../ndjson.js';
import { WHOLE, type Selection } from '../selection.js';

const TOOLS: ExportTools = {
  zoneOf: () => ({ offsetMs: () => 8 * 3_600_000 }),
  checkpointIntervalMs: 0,
  rowGroupRows: 30,
};
const NOVEMBER = {
  from: '2024-10-31T16:00:00.000Z',
  to: '2024-11-30T16:00:00.000Z',
};
const ALL = { entries: 2 * 26 + 3 + 1 + ODD_MERCHANTS.length + 1 };

describe('an export', () => {
  let ledger: TestLedger;
  let auditor: Pool;
  let folder: string;
  let files = 0;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await fillLedger(ledger.pool);
    auditor = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 2,
      role: ROLES.auditor,
    });
    folder = await mkdtemp(join(tmpdir(), 'export-'));
  });
  afterAll(async () => {
    await auditor.end();
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  it('holds every entry, by shard, journal and sequence, each with its hash', async () => {
    const entries = await exportEntries({});
    const { rows } = await ledger.pool.query<{ entry_id: string }>(
      'SELECT entry_id FROM audit.entry ORDER BY shard, journal, sequence',
    );
    expect(entries).toHaveLength(ALL.entries);
    expect(entries.map(idOf)).toEqual(rows.map((row) => row.entry_id));
    for (const entry of entries) expect(recomputeHash(entry)).toBe(entry.hash);
    for (const [i, entry] of entries.entries())
      if (entry.sequence > 1n)
        expect(entry.previousHash).toBe(entries[i - 1]!.hash);
  });

  it('says beside the file what it holds', async () => {
    const { path, manifest } = await exportTo('csv');
    const file = await readFile(path);
    expect(await readManifest(path)).toEqual(manifest);
    expect(manifest).toMatchObject({
      entries: ALL.entries,
      bytes: file.length,
      sha256: createHash('sha256').update(file).digest('hex'),
      progress: null,
      formulaFields: 2,
    });
    const { rows: heads } = await ledger.pool.query(
      'SELECT sequence, hash FROM audit.shard_head ORDER BY shard, journal',
    );
    expect(manifest.journals.map(({ head }) => head)).toEqual(heads);
    await expect(readFile(`${path}.part`)).rejects.toThrow('ENOENT');
  });

  it('of a period goes by the time of recording', async () => {
    const ids = merchantsOf2(await exportEntries(NOVEMBER));
    expect(ids).toEqual(['late', ...ODD_MERCHANTS]);
    const before = await exportEntries({ to: NOVEMBER.from });
    expect(before.map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n]);
    expect(await exportEntries({ from: NOVEMBER.to })).toHaveLength(1);
  });

  it('of a period goes by when it happened where asked to', async () => {
    const entries = await exportEntries({ by: 'occurred', ...NOVEMBER });
    expect(merchantsOf2(entries)).toEqual([
      null,
      null,
      ...ODD_MERCHANTS,
      'december',
    ]);
  });

  it('of a merchant has its entries in both journals', async () => {
    const entries = await exportEntries({ merchant: 'm3' });
    expect(entries.map(idOf)).toEqual(
      [0, 1].flatMap((shard) => [
        `grants-${shard}-4`,
        ...[9, 10, 11, 12].map((n) => `promotions-${shard}-${n}`),
      ]),
    );
    expect(await exportEntries({ merchant: 'nobody' })).toEqual([]);
  });

  it('of a program has what names it, and what moves its lots', async () => {
    const spring = await exportEntries({ program: 'spring' });
    expect(spring).toHaveLength(1 + ODD_MERCHANTS.length);
    const ladder = await exportEntries({ program: 'ladder' });
    const kinds = ladder
      .filter(({ shard }) => shard === 0)
      .map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set(['budget', 'grant', 'reserve', 'deliver', 'release']),
    );
    expect(kinds).toHaveLength(1 + 5 + 3 * 5);
  });

  it('ends where the journals ended when it began', async () => {
    let written: Promise<void> | undefined;
    const { manifest } = await exportTo(
      'ndjson',
      {},
      {
        onProgress: () => {
          written ??= commitAt(ledger.pool, 2, Date.parse('2025-01-01'), [
            grantTo('new'),
          ]);
        },
      },
    );
    await written;
    expect(manifest.entries).toBe(ALL.entries);
    ALL.entries += 1;
    expect(await exportEntries({})).toHaveLength(ALL.entries);
  });

  describe.each(FORMATS)('as %s', (format) => {
    it('is the same file wherever it was interrupted', async () => {
      const whole = await exportTo(format, NOVEMBER);
      const expected = await readFile(whole.path);
      for (let pages = 1; pages <= 5; pages += 1)
        for (const checkpointIntervalMs of [0, 60_000]) {
          const path = newPath();
          await expect(
            beginExport(auditor, path, requestOf(format, NOVEMBER), {
              ...TOOLS,
              checkpointIntervalMs,
              onProgress: failAfter(pages),
            }),
          ).rejects.toThrow('interrupted');
          await expect(readFile(path)).rejects.toThrow('ENOENT');
          const resumed = await resumeExport(auditor, path, TOOLS);
          expect(resumed).toEqual({
            ...whole.manifest,
            cutAt: resumed.cutAt,
          });
          expect((await readFile(path)).equals(expected)).toBe(true);
        }
    });
  });

  it('may be interrupted again and again', async () => {
    const path = newPath();
    const options = { ...TOOLS, onProgress: failAfter(1) };
    await expect(
      beginExport(auditor, path, requestOf('parquet'), options),
    ).rejects.toThrow('interrupted');
    for (let i = 0; i < 3; i += 1)
      await expect(
        resumeExport(auditor, path, { ...TOOLS, onProgress: failAfter(1) }),
      ).rejects.toThrow('interrupted');
    await resumeExport(auditor, path, TOOLS);
    const whole = await exportTo('parquet');
    expect(await readFile(path)).toEqual(await readFile(whole.path));
  });

  it('overwrites nothing', async () => {
    const path = newPath();
    await writeFile(path, 'kept');
    await expect(
      beginExport(auditor, path, requestOf('csv'), TOOLS),
    ).rejects.toThrow(`${path} is there already: move it away first.`);
    expect(await readFile(path, 'utf8')).toBe('kept');
  });

  it('does not go on where there is nothing, or another ledger', async () => {
    const path = newPath();
    await expect(resumeExport(auditor, path, TOOLS)).rejects.toThrow(
      `There is no interrupted export at ${path}.`,
    );
    await expect(
      beginExport(auditor, path, requestOf('csv'), {
        ...TOOLS,
        onProgress: failAfter(2),
      }),
    ).rejects.toThrow('interrupted');
    const other = await createLedger(inject('postgresUrl'));
    try {
      await expect(resumeExport(other.pool, path, TOOLS)).rejects.toThrow(
        `${path}.part was begun from another ledger`,
      );
    } finally {
      await other.close();
    }
    await truncate(`${path}.part`, 10);
    await expect(resumeExport(auditor, path, TOOLS)).rejects.toThrow(
      `${path}.part is shorter than what was written`,
    );
  });

  it('finishes where only the name was missing', async () => {
    const { path, manifest } = await exportTo('csv');
    await writeFile(`${path}.part`, await readFile(path));
    await rm(path);
    expect(await resumeExport(auditor, path, TOOLS)).toEqual(manifest);
    expect(await readFile(path)).toHaveLength(manifest.bytes);
  });

  function newPath(): string {
    files += 1;
    return join(folder, `file-${files}`);
  }

  async function exportTo(
    format: Format,
    selection: Partial<Selection> = {},
    tools: Partial<ExportTools> = {},
  ) {
    const path = newPath();
    const request = requestOf(format, selection);
    const manifest = await beginExport(auditor, path, request, {
      ...TOOLS,
      ...tools,
    });
    return { path, manifest };
  }

  async function exportEntries(
    selection: Partial<Selection>,
  ): Promise<ExportedEntry[]> {
    const { path } = await exportTo('ndjson', selection);
    const text = await readFile(path, 'utf8');
    return text.split('\n').filter(Boolean).map(parseNdjsonLine);
  }
});

function requestOf(
  format: Format,
  selection: Partial<Selection> = {},
): ExportRequest {
  return {
    format,
    selection: { ...WHOLE, ...selection },
    timeZone: 'Asia/Shanghai',
    withOpening: format === 'hledger',
    escapeFormulas: false,
  };
}

function failAfter(pages: number): () => void {
  let left = pages;
  return () => {
    left -= 1;
    if (left <= 0) throw new Error('interrupted');
  };
}

function merchantsOf2(entries: readonly ExportedEntry[]): (string | null)[] {
  return entries
    .filter(({ shard }) => shard === 2)
    .map(({ merchantId }) => merchantId);
}
