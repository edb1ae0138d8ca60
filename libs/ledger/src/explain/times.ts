import { asIs, type Bilingual } from './bilingual.js';

/** Asia/Shanghai: since 1991 its clocks have stood still against UTC, and no event is of a time before. */
const OFFSET_MS = 8 * 3_600_000;
const OFFSET = '+08:00';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** An instant in Shanghai, with the offset: to the second. */
export function timeText(instant: Date): Bilingual {
  const local = new Date(instant.getTime() + OFFSET_MS).toISOString();
  const date = dateText(local.slice(0, 'yyyy-mm-dd'.length));
  const time = local.slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm:ss'.length);
  return {
    zh: `${date.zh}${time}（${OFFSET}）`,
    en: `${date.en}, ${time} ${OFFSET}`,
  };
}

/** @param text as a cause has it, RFC 3339 */
export function causeTimeText(text: string): Bilingual {
  const instant = new Date(text);
  // An auditor reads what is stored, and that may be anything.
  return Number.isNaN(instant.getTime()) ? asIs(text) : timeText(instant);
}

/** @param date `yyyy-mm-dd`, or `yyyy-mm` for a month */
export function dateText(date: string): Bilingual {
  const [year, month, day] = date.split('-').map(Number) as [
    number,
    number,
    number?,
  ];
  const monthOfYear = `${MONTHS[month - 1] ?? month} ${year}`;
  return day === undefined
    ? { zh: `${year}年${month}月`, en: monthOfYear }
    : { zh: `${year}年${month}月${day}日`, en: `${day} ${monthOfYear}` };
}
