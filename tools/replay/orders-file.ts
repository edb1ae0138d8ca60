import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { UserError } from '../support/cli.js';
import { openUnpacked } from '../support/unpacked-file.js';
import {
  COLUMNS,
  parseOrderRow,
  type OrderLine,
  type OrderRow,
} from './order-row.js';

/** What a whole file holds. */
export interface OrdersSummary {
  rows: number;
  /** Milliseconds since the epoch. */
  lastAtMs: number;
}

/**
 * Reads a whole file, so that a mistake on its last line is known before its first is used.
 *
 * @throws UserError with file and line of the first mistake
 */
export async function summarize(path: string): Promise<OrdersSummary> {
  let rows = 0;
  let lastAtMs = -Infinity;
  for await (const { atMs } of readOrders(path)) {
    rows += 1;
    lastAtMs = Math.max(lastAtMs, atMs);
  }
  if (rows === 0) throw new UserError(`${path} holds no orders.`);
  return { rows, lastAtMs };
}

/**
 * The orders of a CSV file, gzipped or not, one after the other.
 *
 * @throws UserError where it cannot be read, with the line of the mistake
 */
export async function* readOrders(path: string): AsyncGenerator<OrderRow> {
  try {
    const parser = parse({ columns: readHeader, info: true, bom: true });
    // The parser, which we read from, fails with the same error.
    pipeline(await openUnpacked(path), parser, () => undefined);
    for await (const { record, info } of parser as AsyncIterable<ParsedLine>)
      yield rowAt(record, info.lines);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${path}${placeOf(error)}: ${(error as Error).message}.`,
    );
  }
}

interface ParsedLine {
  record: OrderLine;
  info: { lines: number };
}

class LineError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

function rowAt(record: OrderLine, line: number): OrderRow {
  try {
    return parseOrderRow(record);
  } catch (error) {
    throw new LineError(line, (error as Error).message);
  }
}

function placeOf(error: unknown): string {
  if (error instanceof LineError) return `:${error.line}`;
  if (error instanceof CsvError && typeof error.lines === 'number')
    return `:${error.lines}`;
  return '';
}

function readHeader(columns: string[]): string[] {
  const missing = COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new LineError(
      1,
      `expected the columns ${COLUMNS.join(', ')}; there is no ${missing.join(', ')}`,
    );
  return columns;
}
