import { CSV_HEADER, CsvRows } from './csv.js';
import type { ExportedEntry } from './exported-entry.js';
import {
  accountDirectives,
  journalHeader,
  journalTransaction,
  openingTransaction,
  type OpeningBalance,
  type Zone,
} from './hledger.js';
import { ndjsonLine } from './ndjson.js';
import { ParquetRows, type ParquetState } from './parquet.js';
import { describeSelection, type Selection } from './selection.js';

export const FORMATS = ['csv', 'ndjson', 'parquet', 'hledger'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Turns entries into the bytes of a file, a page at a time, with nothing of its own to remember but what `state` says.
 * So a file goes on in another process from any place where there is a state, and ends with the same bytes.
 */
export interface Encoder {
  begin(): Buffer;
  /** What accounts had before the entries of one journal of a shard; empty where the format has no place for it. */
  opening(
    journal: string,
    shard: number,
    balances: readonly OpeningBalance[],
  ): Buffer;
  page(entries: readonly ExportedEntry[]): Buffer;
  end(): Buffer;
  /** JSON, but for bigints; null while what was given has not all become bytes. */
  readonly state: EncoderState | null;
}

export interface EncoderState {
  /** Text that a spreadsheet would take for formulas, in CSV. */
  formulaFields?: number;
  parquet?: ParquetState;
}

export interface EncoderOptions {
  selection: Selection;
  /** Of the dates in a journal. */
  zone: Zone;
  /** Put `'` ahead of text that a spreadsheet would take for a formula, in CSV. */
  escapeFormulas: boolean;
  /** By default {@link ROW_GROUP_ROWS}. */
  rowGroupRows?: number;
}

/** @param state where to go on; by default at the beginning */
export function createEncoder(
  format: Format,
  options: EncoderOptions,
  state: EncoderState = {},
): Encoder {
  switch (format) {
    case 'csv':
      return csvEncoder(options, state);
    case 'ndjson':
      return textEncoder({
        page: (entries) => entries.map(ndjsonLine).join(''),
      });
    case 'hledger':
      return hledgerEncoder(options);
    case 'parquet':
      return parquetEncoder(options, state);
  }
}

function csvEncoder(
  { escapeFormulas }: EncoderOptions,
  state: EncoderState,
): Encoder {
  const csv = new CsvRows(escapeFormulas, state.formulaFields);
  return textEncoder({
    header: CSV_HEADER,
    page: (entries) => entries.map((entry) => csv.rows(entry)).join(''),
    state: () => ({ formulaFields: csv.formulaFields }),
  });
}

function hledgerEncoder({ selection, zone }: EncoderOptions): Encoder {
  return textEncoder({
    header: journalHeader([
      `Traffic-reward ledger: ${describeSelection(selection)}`,
      'Names of merchants and programs are percent-encoded.',
    ]),
    opening: (journal, shard, balances) =>
      accountDirectives(balances) +
      openingTransaction(
        journal,
        shard,
        balances,
        Date.parse(selection.from ?? ''),
        zone,
      ),
    page: (entries) =>
      accountDirectives(entries.flatMap(({ postings }) => postings)) +
      entries
        .map((entry) => journalTransaction(entry, selection.by, zone))
        .join(''),
  });
}

function parquetEncoder(
  { rowGroupRows }: EncoderOptions,
  { parquet }: EncoderState,
): Encoder {
  const rows = new ParquetRows(rowGroupRows, parquet);
  return {
    begin: () => rows.take(),
    opening: () => Buffer.alloc(0),
    page: (entries) => {
      rows.add(entries);
      return rows.take();
    },
    end: () => rows.end(),
    get state() {
      return rows.state && { parquet: rows.state };
    },
  };
}

interface TextFormat {
  header?: string;
  opening?: (
    journal: string,
    shard: number,
    balances: readonly OpeningBalance[],
  ) => string;
  page: (entries: readonly ExportedEntry[]) => string;
  state?: () => EncoderState;
}

function textEncoder(format: TextFormat): Encoder {
  return {
    begin: () => Buffer.from(format.header ?? ''),
    opening: (...given) => Buffer.from(format.opening?.(...given) ?? ''),
    page: (entries) => Buffer.from(format.page(entries)),
    end: () => Buffer.alloc(0),
    get state() {
      return format.state?.() ?? {};
    },
  };
}
