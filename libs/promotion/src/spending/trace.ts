import { identifier, PLACEMENTS } from '@app/contracts';
import { z } from 'zod';
import { SHANGHAI_OFFSET_MS } from './local-time.js';
import type { MerchantSlot, SpendableLot } from './spending-policy.js';

/** A merchant who is there: a line of their own for all who have lots or slots. */
export interface TraceMerchant {
  kind: 'merchant';
  merchantId: string;
  category: string;
}

/** A grant that arrives. */
export interface TraceLot {
  kind: 'lot';
  atMs: number;
  merchantId: string;
  /** One of its merchant's; no two of them are the same. */
  lotId: string;
  unit: SpendableLot['unit'];
  /** Impressions. */
  amount: number;
  expiresAtMs: number;
}

/** A part of a slot's room, and what it brings before noise. */
export interface Segment {
  impressions: number;
  /** In fen. */
  gmvMinorPerThousand: number;
}

/**
 * Room for traffic, and what would come of any amount given to it: the segments fill up in their order, and what
 * they bring is multiplied by `noise`. No segment brings more than the one ahead of it. What is given beyond all of
 * them, up to the capacity, brings nothing.
 */
export interface TraceSlot extends MerchantSlot {
  kind: 'slot';
  segments: Segment[];
  noise: number;
}

/** One line of a trace; instants are milliseconds since the epoch. `docs/traces.md` describes the file. */
export type TraceEvent = TraceMerchant | TraceLot | TraceSlot;

/** A line of a trace is wrong: the message names the line, the field and what was expected. */
export class TraceError extends Error {
  constructor(
    /** From 1 on. */
    readonly line: number,
    /** Empty where the line as a whole is wrong. */
    readonly field: string,
    readonly expected: string,
  ) {
    super(`line ${line}: ${field ? `${field}: ` : ''}${expected}`);
    this.name = 'TraceError';
  }
}

const MAX_SEGMENTS = 100;
/** Where `at` may lie, as in all events here. */
const EARLIEST_MS = Date.parse('2000-01-01T00:00:00Z');
const LATEST_MS = Date.parse('2100-01-01T00:00:00Z');

const ID = 'expected an identifier of 1 to 256 characters';
const id = z.custom<string>((value) => identifier.safeParse(value).success, ID);

const TIME =
  'expected a time with an offset between 2000 and 2100, e.g. 2024-11-01T20:00:00+08:00';
const instantMs = z.iso
  .datetime({ offset: true, error: TIME })
  .transform((text) => Date.parse(text))
  .refine((ms) => ms >= EARLIEST_MS && ms < LATEST_MS, TIME);

const COUNT = 'expected a whole number from 1 to 2^53 - 1';
const impressions = z.int(COUNT).min(1, COUNT);

const GMV = 'expected a number from 0 on: fen per thousand impressions';
const NOISE = 'expected a number from 0 on that GMV is multiplied by';

const segments = z.array(
  z.object({
    impressions,
    gmvMinorPerThousand: z.number(GMV).min(0, GMV),
  }),
  `expected up to ${MAX_SEGMENTS} segments`,
);

const merchant = z.object({
  kind: z.literal('merchant'),
  merchantId: id,
  category: id,
});

const lot = z
  .object({
    kind: z.literal('lot'),
    at: instantMs,
    merchantId: id,
    lotId: id,
    unit: z.enum(
      ['LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP'],
      'expected LIVE_IMP, VIDEO_IMP or ANY_IMP',
    ),
    amount: impressions,
    expiresAt: instantMs,
  })
  .refine(({ at, expiresAt }) => expiresAt > at, {
    path: ['expiresAt'],
    error: 'expected a time after at',
  });

const slot = z
  .object({
    kind: z.literal('slot'),
    at: instantMs,
    until: instantMs,
    merchantId: id,
    placement: z.enum(PLACEMENTS, 'expected live or short_video'),
    targetId: id,
    targetKind: z.enum(
      ['session', 'video', 'clip'],
      'expected session, video or clip',
    ),
    capacity: impressions,
    segments: segments.max(
      MAX_SEGMENTS,
      `expected up to ${MAX_SEGMENTS} segments`,
    ),
    noise: z.number(NOISE).min(0, NOISE),
  })
  .superRefine((value, context) => {
    const expect = (holds: boolean, field: PropertyKey[], error: string) => {
      if (!holds)
        context.addIssue({ code: 'custom', path: field, message: error });
    };
    expect(value.until > value.at, ['until'], 'expected a time after at');
    const rising = value.segments.findIndex(
      ({ gmvMinorPerThousand }, i) =>
        gmvMinorPerThousand >
        (value.segments[i - 1]?.gmvMinorPerThousand ?? Infinity),
    );
    expect(
      rising === -1,
      ['segments', rising, 'gmvMinorPerThousand'],
      'expected no more than in the segment ahead of it',
    );
  });

/** A line as it stands in the file. Fields that it does not know are let be. */
export const traceLineSchema = z.discriminatedUnion(
  'kind',
  [merchant, lot, slot],
  {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? 'expected merchant, lot or slot'
        : 'expected a JSON object',
  },
);

/**
 * Reads one line, whatever stands around it.
 *
 * @param line its number, from 1 on
 * @throws TraceError with the first mistake
 */
export function readTraceLine(text: string, line: number): TraceEvent {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new TraceError(line, '', 'expected JSON');
  }
  const result = traceLineSchema.safeParse(content);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new TraceError(line, path.join('.'), message);
  }
  const read = result.data;
  if (read.kind === 'merchant') return read;
  const { at: atMs, ...rest } = read;
  if (rest.kind === 'lot') {
    const { expiresAt: expiresAtMs, ...lotFields } = rest;
    return { ...lotFields, atMs, expiresAtMs };
  }
  const { until: untilMs, ...slotFields } = rest;
  return {
    ...slotFields,
    segments: withinCapacity(rest.segments, rest.capacity),
    atMs,
    untilMs,
  };
}

/** What lies beyond a slot's capacity is never filled. */
function withinCapacity(all: readonly Segment[], capacity: number): Segment[] {
  let room = capacity;
  return all.flatMap((segment) => {
    const impressions = Math.min(room, segment.impressions);
    room -= impressions;
    return impressions > 0 ? [{ ...segment, impressions }] : [];
  });
}

/** What editors put ahead of UTF-8 and JSON does not allow. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** What a file has said so far of a merchant. */
interface ReadOfMerchant {
  /** From 1 on: the first line of theirs, of whatever kind. */
  firstLine: number;
  /** Whether their own line was read: it may stand behind their lots and slots. */
  isThere: boolean;
  lotIds: Set<string>;
}

/** Reads the lines of one file, which may stand in any order, and checks what no line shows by itself. */
export class TraceReader {
  readonly #merchants = new Map<string, ReadOfMerchant>();

  /**
   * @param line its number, from 1 on
   * @throws TraceError also where a merchant or a lot comes twice
   */
  read(text: string, line: number): TraceEvent {
    const json = line === 1 ? text.replace(BYTE_ORDER_MARK, '') : text;
    const event = readTraceLine(json, line);
    const merchant = this.#merchant(event.merchantId, line);
    const expect = (holds: boolean, field: string, expected: string) => {
      if (!holds) throw new TraceError(line, field, expected);
    };
    if (event.kind === 'merchant') {
      expect(
        !merchant.isThere,
        'merchantId',
        'expected a merchant not yet there',
      );
      merchant.isThere = true;
    }
    if (event.kind === 'lot') {
      const { lotIds } = merchant;
      expect(!lotIds.has(event.lotId), 'lotId', 'expected a lot not yet there');
      lotIds.add(event.lotId);
    }
    return event;
  }

  /**
   * The file has ended.
   *
   * @throws TraceError with the first line of the first merchant who has none of their own
   */
  end(): void {
    for (const { isThere, firstLine } of this.#merchants.values()) {
      if (!isThere)
        throw new TraceError(
          firstLine,
          'merchantId',
          'expected a merchant who has a line of their own',
        );
    }
  }

  #merchant(merchantId: string, line: number): ReadOfMerchant {
    let merchant = this.#merchants.get(merchantId);
    if (!merchant) {
      merchant = { firstLine: line, isThere: false, lotIds: new Set() };
      this.#merchants.set(merchantId, merchant);
    }
    return merchant;
  }
}

/** Asia/Shanghai, where days begin here. */
const WRITTEN_OFFSET = '+08:00';

/** Writes one line, without the line break. Fields stand in the order of the format's description. */
export function writeTraceLine(event: TraceEvent): string {
  if (event.kind === 'merchant') {
    const { kind, merchantId, category } = event;
    return JSON.stringify({ kind, merchantId, category });
  }
  const { kind, atMs, merchantId } = event;
  const at = writeInstant(atMs);
  if (event.kind === 'lot') {
    const { lotId, unit, amount, expiresAtMs } = event;
    const expiresAt = writeInstant(expiresAtMs);
    return JSON.stringify({
      kind,
      at,
      merchantId,
      lotId,
      unit,
      amount,
      expiresAt,
    });
  }
  const { placement, targetId, targetKind, capacity, noise } = event;
  return JSON.stringify({
    kind,
    at,
    until: writeInstant(event.untilMs),
    merchantId,
    placement,
    targetId,
    targetKind,
    capacity,
    segments: event.segments,
    noise,
  });
}

function writeInstant(ms: number): string {
  const local = new Date(ms + SHANGHAI_OFFSET_MS).toISOString();
  const seconds = local.slice(0, local.indexOf('.'));
  const fraction = ms % 1_000 === 0 ? '' : local.slice(seconds.length, -1);
  return `${seconds}${fraction}${WRITTEN_OFFSET}`;
}
