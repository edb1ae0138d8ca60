const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
/** Four of each. */
const QUOTES = QUOTE * 0x01010101;
const BACKSLASHES = BACKSLASH * 0x01010101;
const COLON = ':'.charCodeAt(0);
const OPEN = '{'.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);
const OPEN_LIST = '['.charCodeAt(0);
const CLOSE_LIST = ']'.charCodeAt(0);

/** Finds texts among the fields of JSON objects without parsing them, which takes six times as long. */
export class JsonTexts {
  /** By name: where its text begins, and ends, without quotes; -1 where there is none, or one with escapes. */
  readonly starts: number[];
  readonly ends: number[];
  readonly #names: readonly Buffer[];

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
    this.starts = names.map(() => -1);
    this.ends = names.map(() => -1);
  }

  /**
   * @param start where an object begins, and `end` where it ends, as canonical JSON (RFC 8785) in UTF-8; in other JSON
   *   a field may not be found
   */
  find(view: DataView, start: number, end: number): void {
    for (let name = 0; name < this.starts.length; name += 1)
      this.starts[name] = -1;
    let depth = 0;
    for (let at = start; at < end; at += 1) {
      const byte = view.getUint8(at);
      if (byte === QUOTE) {
        const close = endOfText(view, at + 1);
        if (depth === 1 && view.getUint8(close + 1) === COLON)
          this.#takeField(view, at + 1, close);
        at = close;
      } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE || byte === CLOSE_LIST) depth -= 1;
    }
  }

  /** @param start of the name, and `end`, ahead of its quote and the colon */
  #takeField(view: DataView, start: number, end: number): void {
    const number = this.#numberOf(view, start, end);
    if (number < 0 || view.getUint8(end + 2) !== QUOTE) return;
    const close = endOfText(view, end + 3);
    for (let at = end + 3; at < close; at += 1)
      if (view.getUint8(at) === BACKSLASH) return;
    this.starts[number] = end + 3;
    this.ends[number] = close;
  }

  #numberOf(view: DataView, start: number, end: number): number {
    for (let number = 0; number < this.#names.length; number += 1)
      if (isName(this.#names[number]!, view, start, end)) return number;
    return -1;
  }
}

/** Where the closing quote is. */
function endOfText(view: DataView, start: number): number {
  let at = start;
  const whole = view.byteLength - 4;
  while (at <= whole && !hasQuoteOrBackslash(view.getInt32(at))) at += 4;
  for (let byte = view.getUint8(at); byte !== QUOTE; byte = view.getUint8(at))
    at += byte === BACKSLASH ? 2 : 1;
  return at;
}

/** Whether one of four bytes is a quote or a backslash. */
function hasQuoteOrBackslash(bytes: number): boolean {
  return (zeroAmong(bytes ^ QUOTES) | zeroAmong(bytes ^ BACKSLASHES)) !== 0;
}

/** Not 0 where one of four bytes is. */
function zeroAmong(bytes: number): number {
  return (bytes - 0x01010101) & ~bytes & 0x80808080;
}

function isName(
  name: Buffer,
  view: DataView,
  start: number,
  end: number,
): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i += 1)
    if (name[i] !== view.getUint8(start + i)) return false;
  return true;
}
