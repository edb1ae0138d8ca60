import type { Moment } from '@app/ledger';
import { UsageError } from '../../support/cli.js';
import { instantInZone, readInstant } from '../../support/read-instant.js';
import { DEFAULT_TIME_ZONE } from '../period.js';

const DATE_AND_TIME = /^(\d{4}-\d{2}-\d{2})(?:[Tt ]([\d:.]+))?$/;

/** An instant as it was given, and how it was understood where that was not said. */
export interface GivenInstant {
  instant: Date;
  /** A sentence for the user; null where the time had its offset. */
  note: string | null;
}

/**
 * Reads a date or a time. Where it has no offset it is Shanghai's, as the platform's days are; a date is its midnight.
 *
 * @throws UsageError naming the option
 */
export function parseInstant(option: string, text: string): GivenInstant {
  const given = readInstant(text);
  if (given) return { instant: given, note: null };
  const [, date, time = '00:00'] = DATE_AND_TIME.exec(text) ?? [];
  const local = readInstant(`${date}T${time}Z`);
  if (!local)
    throw new UsageError(
      `--${option} is "${text}": expected a time such as 2024-11-11T20:00:00+08:00, or a date.`,
    );
  const instant = instantInZone(local, DEFAULT_TIME_ZONE);
  return {
    instant,
    note: `--${option} has no offset: read in ${DEFAULT_TIME_ZONE}, as ${instant.toISOString()}.`,
  };
}

/** @throws UsageError naming the option */
export function parsePosition(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new UsageError(
      `--${option} is "${text}": expected a position of the log, from 0 on.`,
    );
  return Number(text);
}

export interface MomentOptions {
  at?: string | undefined;
  position?: string | undefined;
}

/**
 * Reads `--at` or `--position`; now, where neither is given.
 *
 * @param say told how a time was understood
 * @throws UsageError naming the option
 */
export function parseMoment(
  { at, position }: MomentOptions,
  say: (note: string) => void,
): Moment {
  if (at !== undefined && position !== undefined)
    throw new UsageError('Give --at or --position, not both.');
  if (position !== undefined)
    return { position: parsePosition('position', position) };
  if (at === undefined) return 'now';
  const { instant, note } = parseInstant('at', at);
  if (note) say(note);
  return { recordedAt: instant };
}

export interface SpanOptions {
  from?: string | undefined;
  to?: string | undefined;
  'from-position'?: string | undefined;
  'to-position'?: string | undefined;
}

/**
 * Reads the two ends of a statement: times are of a period that begins with the one and ends ahead of the other, as
 * periods do; positions have been told of with the one, and are with the other.
 *
 * @throws UsageError naming the option
 */
export function parseSpan(
  options: SpanOptions,
  say: (note: string) => void,
): { from: Moment; to: Moment } {
  const end = (name: 'from' | 'to', open: Moment): Moment => {
    const time = options[name];
    const position = options[`${name}-position`];
    if (time !== undefined && position !== undefined)
      throw new UsageError(`Give --${name} or --${name}-position, not both.`);
    if (position !== undefined)
      return { position: parsePosition(`${name}-position`, position) };
    if (time === undefined) return open;
    const { instant, note } = parseInstant(name, time);
    if (note) say(note);
    return { recordedBefore: instant };
  };
  const span = { from: end('from', 'beginning'), to: end('to', 'now') };
  if (isAfter(span.from, span.to)) {
    const [option, from] =
      options.to === undefined
        ? (['to-position', 'from-position'] as const)
        : (['to', 'from'] as const);
    throw new UsageError(
      `--${option} is "${options[option]}": expected nothing ahead of --${from}, "${options[from]}".`,
    );
  }
  return span;
}

/** As far as that can be told without the ledger: of two times, or two positions. */
function isAfter(from: Moment, to: Moment): boolean {
  if (typeof from === 'string' || typeof to === 'string') return false;
  if ('position' in from && 'position' in to)
    return from.position > to.position;
  return (
    'recordedBefore' in from &&
    'recordedBefore' in to &&
    from.recordedBefore > to.recordedBefore
  );
}
