import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { idOf, type ExportedEntry } from './exported-entry.js';

type SchemaElement = ParquetWriter['schema'][number];
type RowGroups = ParquetWriter['row_groups'];

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
/** Microseconds since the epoch, which is what a reader shows as UTC. */
const INSTANT = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MICROS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
} as const;
const SMALL = { type: 'INT32' } as const;
const LARGE = { type: 'INT64' } as const;
const REQUIRED = { repetition_type: 'REQUIRED' } as const;
const OPTIONAL = { repetition_type: 'OPTIONAL' } as const;

/** The columns in their order: those of the CSV. Whatever belongs to a posting is null where an entry has none. */
const COLUMNS = {
  entry_id: { ...TEXT, ...REQUIRED },
  journal: { ...TEXT, ...REQUIRED },
  shard: { ...SMALL, ...REQUIRED },
  sequence: { ...LARGE, ...REQUIRED },
  kind: { ...TEXT, ...REQUIRED },
  merchant_id: { ...TEXT, ...OPTIONAL },
  occurred_at: { ...INSTANT, ...REQUIRED },
  recorded_at: { ...INSTANT, ...REQUIRED },
  program: { ...TEXT, ...OPTIONAL },
  line: { ...SMALL, ...OPTIONAL },
  account: { ...TEXT, ...OPTIONAL },
  unit: { ...TEXT, ...OPTIONAL },
  amount: { ...LARGE, ...OPTIONAL },
  lot_id: { ...TEXT, ...OPTIONAL },
  hash: { ...TEXT, ...REQUIRED },
  cause: { ...TEXT, ...REQUIRED },
} as const;
type Column = keyof typeof COLUMNS;
const NAMES = Object.keys(COLUMNS) as Column[];
const SCHEMA: SchemaElement[] = [
  { name: 'posting', num_children: NAMES.length },
  ...NAMES.map((name) => ({ name, ...COLUMNS[name] })),
];
/** Nobody looks for a range of these. */
const WITHOUT_STATISTICS: ReadonlySet<Column> = new Set(['hash', 'cause']);

/** Rows are encoded in groups of at least so many: what is kept in memory, and what readers read at a time. */
export const ROW_GROUP_ROWS = 25_000;

/** Where a file stands behind a row group: enough to go on with it in another process. */
export interface ParquetState {
  /** Bytes written. */
  offset: number;
  /** Of the row groups written, for the footer. */
  rowGroups: RowGroups;
}

/** Writes entries as the bytes of one Parquet file, a row for each posting, group after group. */
export class ParquetRows {
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;
  #columns = emptyColumns();

  /** @param state behind which row group to go on; by default a new file */
  constructor(
    private readonly rowGroupRows: number = ROW_GROUP_ROWS,
    state: ParquetState | null = null,
  ) {
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: SCHEMA,
      createdBy: 'traffic-reward-ledger',
    });
    if (!state) return;
    // The first bytes of a file are there already.
    this.#bytes.index = 0;
    this.#bytes.offset = state.offset;
    this.#parquet.row_groups = state.rowGroups;
    this.#parquet.num_rows = state.rowGroups.reduce(
      (sum, { num_rows }) => sum + num_rows,
      0n,
    );
  }

  /** Null while rows wait for their group. */
  get state(): ParquetState | null {
    if (this.#waiting > 0) return null;
    return {
      offset: this.#bytes.offset,
      rowGroups: this.#parquet.row_groups,
    };
  }

  add(entries: Iterable<ExportedEntry>): void {
    for (const entry of entries) {
      if (entry.postings.length === 0) this.#addRow(entry, null);
      for (const posting of entry.postings) this.#addRow(entry, posting);
    }
  }

  /** The bytes that are ready since they were last taken. */
  take(): Buffer {
    if (this.#waiting >= this.rowGroupRows) this.#writeGroup();
    return this.#takeBytes();
  }

  /** The last row group, and the footer. */
  end(): Buffer {
    if (this.#waiting > 0) this.#writeGroup();
    // It only returns something to wait for where its writer does.
    void this.#parquet.finish();
    return this.#takeBytes();
  }

  get #waiting(): number {
    return this.#columns.entry_id.length;
  }

  #addRow(
    entry: ExportedEntry,
    posting: ExportedEntry['postings'][number] | null,
  ): void {
    const columns = this.#columns;
    columns.entry_id.push(idOf(entry));
    columns.journal.push(entry.journal);
    columns.shard.push(entry.shard);
    columns.sequence.push(entry.sequence);
    columns.kind.push(entry.kind);
    columns.merchant_id.push(entry.merchantId);
    columns.occurred_at.push(entry.occurredAtMicros);
    columns.recorded_at.push(entry.recordedAtMicros);
    columns.program.push(entry.program);
    columns.line.push(posting?.line ?? null);
    columns.account.push(posting?.account ?? null);
    columns.unit.push(posting?.unit ?? null);
    columns.amount.push(posting?.amount ?? null);
    columns.lot_id.push(posting?.lotId ?? null);
    columns.hash.push(entry.hash);
    columns.cause.push(entry.causeText);
  }

  #writeGroup(): void {
    void this.#parquet.write({
      columnData: NAMES.map((name) => ({
        name,
        data: this.#columns[name],
        // Indexes would stand at the end of the file, and be one more thing to keep until then.
        offsetIndex: false,
        statistics: !WITHOUT_STATISTICS.has(name),
      })),
      rowGroupSize: this.#waiting,
    });
    this.#parquet.pendingIndexes = [];
    this.#columns = emptyColumns();
  }

  #takeBytes(): Buffer {
    const bytes = Buffer.from(this.#bytes.getBytes());
    this.#bytes.index = 0;
    return bytes;
  }
}

type Value = string | number | bigint | null;

function emptyColumns(): Record<Column, Value[]> {
  return Object.fromEntries(
    NAMES.map((name) => [name, [] as Value[]]),
  ) as Record<Column, Value[]>;
}
