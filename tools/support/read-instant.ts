import { timeZone } from '@app/programs/time-zone';

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

/**
 * The instant at which the clocks of a zone show a time.
 *
 * @param local the time, as if the zone were UTC
 * @param zoneName IANA name, e.g. `Asia/Shanghai`
 */
export function instantInZone(local: Date, zoneName: string): Date {
  const zone = timeZone(zoneName);
  const localMs = local.getTime();
  const nearMs = localMs - zone.offsetMs(localMs);
  // Asked for where that time is nearly: the clocks may change on the day.
  return new Date(localMs - zone.offsetMs(nearMs));
}
