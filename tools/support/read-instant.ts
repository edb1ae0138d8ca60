const TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)([Zz]|[+-]\d{2}:\d{2})$/;
const FIRST = '0001-01-01';

/** Reads a time with its offset (RFC 3339; seconds may be left out); null where there is no such time. */
export function readInstant(text: string): Date | null {
  const [, date, time, offset] = TIME.exec(text) ?? [];
  if (!date || !isOfDay(date, `${date}T${time}Z`)) return null;
  const instant = new Date(`${date}T${time}${offset}`);
  // A year of more digits than four begins with a sign, which sorts ahead of every digit.
  return (instant.toJSON() ?? '') >= FIRST ? instant : null;
}

/** JavaScript takes the 30th of February for the 1st of March, and hour 24 for the next day. */
function isOfDay(date: string, time: string): boolean {
  return new Date(time).toJSON()?.startsWith(date) ?? false;
}
