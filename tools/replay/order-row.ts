import { eventTime } from '@app/contracts';

/** One line of an orders file: what one merchant sold in one order. */
export interface OrderRow {
  /** Purchase time: milliseconds since the epoch. */
  atMs: number;
  orderId: string;
  /** The merchant. */
  sellerId: string;
  /** Goods and freight, in fen. */
  amountMinor: number;
  isCanceled: boolean;
}

/** The columns that are read; the file may have others. */
export const COLUMNS = [
  'time',
  'order_id',
  'seller_id',
  'price_minor',
  'freight_minor',
  'status',
] as const;

/** A line as text, by column. */
export type OrderLine = Readonly<Record<(typeof COLUMNS)[number], string>>;

const MINUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;
const IDENTIFIER = /^[\w-]{1,64}$/;
const FEN = /^\d{1,15}$/;

/** @throws Error naming the column and what was expected there */
export function parseOrderRow(line: OrderLine): OrderRow {
  return {
    atMs: shanghaiMs(line.time),
    orderId: matching(line, 'order_id', IDENTIFIER, 'an identifier'),
    sellerId: matching(line, 'seller_id', IDENTIFIER, 'an identifier'),
    amountMinor: fen(line, 'price_minor') + fen(line, 'freight_minor'),
    isCanceled: line.status === 'canceled',
  };
}

/** A wall time in Asia/Shanghai, whose clocks have not changed since 1991. */
function shanghaiMs(text: string): number {
  const time = `${text}:00+08:00`;
  if (!MINUTE.test(text) || !eventTime.safeParse(time).success)
    throw new Error(
      `time is "${text}": expected a minute such as 2018-08-28T22:30, from 2000 to 2099`,
    );
  return Date.parse(time);
}

function fen(line: OrderLine, column: 'price_minor' | 'freight_minor'): number {
  return Number(matching(line, column, FEN, 'a whole number of fen'));
}

function matching(
  line: OrderLine,
  column: (typeof COLUMNS)[number],
  pattern: RegExp,
  expected: string,
): string {
  const text = line[column];
  if (!pattern.test(text))
    throw new Error(`${column} is "${text}": expected ${expected}`);
  return text;
}
