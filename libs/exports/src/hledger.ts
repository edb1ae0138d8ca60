import { UNITS } from '@app/contracts';
import { idOf, utcText, type ExportedEntry } from './exported-entry.js';

/** Declared, so that strict checks pass: each is a tag on an entry or, `lot`, on a posting. */
const TAGS = [
  'merchant',
  'program',
  'occurred_at',
  'recorded_at',
  'hash',
  'lot',
];

/** What gives an instant its date: how far local time is ahead of UTC. */
export interface Zone {
  offsetMs: (atMs: number) => number;
}

/** Where accounts stood before the entries of an export. */
export interface OpeningBalance {
  /** The full name. */
  account: string;
  unit: string;
  amount: bigint;
}

/** @param about what the file holds, in lines that go ahead of it as comments */
export function journalHeader(about: readonly string[]): string {
  return [
    ...about.map((line) => `; ${line}`),
    '',
    ...UNITS.map((unit) => `commodity ${unit}`),
    ...TAGS.map((tag) => `tag ${tag}`),
    '',
    '',
  ].join('\n');
}

/**
 * Declares the accounts of some entries. Done page by page: a declaration counts for the whole file wherever it stands,
 * and may stand twice; so nobody has to remember a million merchants.
 */
export function accountDirectives(
  postings: Iterable<{ account: string }>,
): string {
  const names = new Set<string>();
  for (const { account } of postings) names.add(journalAccount(account));
  return names.size === 0
    ? ''
    : `${[...names]
        .sort()
        .map((name) => `account ${name}`)
        .join('\n')}\n\n`;
}

/** @param by the time that dates it */
export function journalTransaction(
  entry: ExportedEntry,
  by: 'recorded' | 'occurred',
  zone: Zone,
): string {
  const { occurredAtMicros, recordedAtMicros } = entry;
  const dated = by === 'recorded' ? recordedAtMicros : occurredAtMicros;
  const tags = [
    ['merchant', entry.merchantId],
    ['program', entry.program],
    ['occurred_at', utcText(occurredAtMicros)],
    ['recorded_at', utcText(recordedAtMicros)],
    ['hash', entry.hash],
  ];
  let text = `${localDate(Number(dated / 1_000n), zone)} * (${idOf(entry)}) ${entry.kind}\n`;
  for (const [name, value] of tags)
    if (value)
      text += `    ; ${name}: ${name!.endsWith('_at') ? value : encodeURIComponent(value)}\n`;
  for (const { account, unit, amount, lotId } of entry.postings) {
    text += `    ${journalAccount(account)}  ${amount} ${unit}`;
    text += lotId ? `  ; lot: ${encodeURIComponent(lotId)}\n` : '\n';
  }
  return `${text}\n`;
}

/**
 * What the accounts of one journal of a shard had before `fromMs`, dated the day ahead: so that no report over the
 * period takes it for the period's own.
 */
export function openingTransaction(
  journal: string,
  shard: number,
  balances: readonly OpeningBalance[],
  fromMs: number,
  zone: Zone,
): string {
  if (balances.length === 0) return '';
  const lines = balances.map(
    ({ account, unit, amount }) =>
      `    ${journalAccount(account)}  ${amount} ${unit}\n`,
  );
  return `${localDate(fromMs - 1, zone)} * (${journal}-${shard}) opening balances\n${lines.join('')}\n`;
}

/**
 * An account's name for hledger: the same, but in it a merchant's id or a program's name is percent-encoded (as
 * `encodeURIComponent` does it), so that colons in it make no levels, and two spaces or a semicolon end nothing.
 */
export function journalAccount(account: string): string {
  const [ahead, name, behind] = split(account);
  return ahead + encodeURIComponent(name) + behind;
}

/** The inverse of {@link journalAccount}. */
export function accountOfJournal(name: string): string {
  const [ahead, encoded, behind] = split(name);
  return ahead + decodeURIComponent(encoded) + behind;
}

function split(account: string): [string, string, string] {
  const start = account.indexOf(':') + 1;
  if (start === 0) return [account, '', ''];
  const last = account.lastIndexOf(':');
  const end =
    account.startsWith('merchant:') && last > start ? last : account.length;
  return [
    account.slice(0, start),
    account.slice(start, end),
    account.slice(end),
  ];
}

function localDate(atMs: number, zone: Zone): string {
  return new Date(atMs + zone.offsetMs(atMs)).toISOString().slice(0, 10);
}
