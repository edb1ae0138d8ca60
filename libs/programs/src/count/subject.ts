import type { ActivityEvent, ActivityEventOf } from '@app/contracts';
import type { Contribution } from './contribution.js';
import {
  applyToOrder,
  contributionsOfOrder,
  UNKNOWN_ORDER,
  type OrderRecord,
} from './subject-order.js';

/** What is known of one order, session, video or product of a merchant: of all events about it, in any order. */
export type SubjectRecord =
  OrderRecord | SessionRecord | VideoRecord | ProductRecord;

export interface SessionRecord {
  sessionId: string;
  /** Milliseconds since the epoch. */
  startedAtMs: number | null;
  /** Milliseconds since the epoch. */
  endedAtMs: number | null;
  durationSeconds: number;
}

/** The earliest publication of a video: milliseconds since the epoch. */
export interface VideoRecord {
  shoppableAtMs: number | null;
  clipAtMs: number | null;
}

export interface ProductRecord {
  /** Milliseconds since the epoch. */
  listedAtMs: number;
}

export type SubjectKind = 'order' | 'session' | 'video' | 'product';

/** Names a subject among those of its merchant. */
export interface SubjectName {
  kind: SubjectKind;
  id: string;
}

/** What an event is about; null where it stands for itself. */
export function subjectOf(event: ActivityEvent): SubjectName | null {
  switch (event.type) {
    case 'order.paid':
    case 'order.refunded':
      return { kind: 'order', id: event.data.orderId };
    case 'live.started':
    case 'live.ended':
      return { kind: 'session', id: event.data.sessionId };
    case 'video.published':
      return { kind: 'video', id: event.data.videoId };
    case 'product.listed':
      return { kind: 'product', id: event.data.productId };
    case 'risk.flagged':
      return event.data.target.kind === 'order'
        ? { kind: 'order', id: event.data.target.id }
        : null;
    default:
      return null;
  }
}

/** The stream that an event adds something to beside its own; null where it names none. */
export function sessionNamedBy(event: ActivityEvent): string | null {
  return event.type === 'order.paid' || event.type === 'follower.gained'
    ? (event.data.sessionId ?? null)
    : null;
}

/** The stream whose start or end an event is; null for any other. */
export function streamOf(event: ActivityEvent): string | null {
  const about = subjectOf(event);
  return about?.kind === 'session' ? about.id : null;
}

/** The stream that an order belongs to; null for what is no order, and where it names none. */
export function sessionNamedIn(record: SubjectRecord): string | null {
  return 'paidAtMs' in record ? record.sessionId : null;
}

/** {@link subjectOf} in one word: `order:…`, `session:…`, `video:…`, `product:…`. */
export function aboutOf(event: ActivityEvent): string | null {
  const subject = subjectOf(event);
  return subject && inOneWord(subject);
}

export function inOneWord({ kind, id }: SubjectName): string {
  return `${kind}:${id}`;
}

/** Names a subject among those of all merchants; no identifier holds a line break. */
export function subjectKey(merchantId: string, about: string): string {
  return `${merchantId}\n${about}`;
}

/** The record after an event about it; the event starts it where there is none. */
export function applyToSubject(
  record: SubjectRecord | undefined,
  event: ActivityEvent,
): SubjectRecord {
  switch (event.type) {
    case 'order.paid':
    case 'order.refunded':
    case 'risk.flagged':
      return applyToOrder((record as OrderRecord) ?? UNKNOWN_ORDER, event);
    case 'live.started':
    case 'live.ended':
      return applyToSession(record as SessionRecord | undefined, event);
    case 'video.published':
      return applyToVideo(record as VideoRecord | undefined, event);
    case 'product.listed':
      return {
        listedAtMs: Math.min(
          (record as ProductRecord | undefined)?.listedAtMs ?? Infinity,
          event.occurredAtMs,
        ),
      };
    default:
      throw new Error(`${event.type} is about nothing but itself`);
  }
}

function applyToSession(
  record: SessionRecord | undefined,
  event: ActivityEventOf<'live.started' | 'live.ended'>,
): SessionRecord {
  const known = record ?? {
    sessionId: event.data.sessionId,
    startedAtMs: null,
    endedAtMs: null,
    durationSeconds: 0,
  };
  const { occurredAtMs } = event;
  if (event.type === 'live.started')
    return {
      ...known,
      startedAtMs: Math.min(known.startedAtMs ?? Infinity, occurredAtMs),
    };
  // A session ends once; of two ends the later holds, and of two at once the longer.
  const { durationSeconds } = event.data;
  if (
    known.endedAtMs !== null &&
    (occurredAtMs < known.endedAtMs ||
      (occurredAtMs === known.endedAtMs &&
        durationSeconds <= known.durationSeconds))
  )
    return known;
  return { ...known, endedAtMs: occurredAtMs, durationSeconds };
}

function applyToVideo(
  record: VideoRecord | undefined,
  { occurredAtMs, data }: ActivityEventOf<'video.published'>,
): VideoRecord {
  const { shoppableAtMs, clipAtMs } = record ?? {
    shoppableAtMs: null,
    clipAtMs: null,
  };
  return {
    shoppableAtMs: data.shoppable
      ? Math.min(shoppableAtMs ?? Infinity, occurredAtMs)
      : shoppableAtMs,
    clipAtMs: data.clip
      ? Math.min(clipAtMs ?? Infinity, occurredAtMs)
      : clipAtMs,
  };
}

const NOTHING: readonly Contribution[] = [];

/** What a subject adds to metrics, as it is known. @param record of that kind */
export function contributionsOf(
  kind: SubjectKind,
  record: SubjectRecord | undefined,
): readonly Contribution[] {
  if (!record) return NOTHING;
  switch (kind) {
    case 'order':
      return contributionsOfOrder(record as OrderRecord);
    case 'session':
      return onAir(record as SessionRecord);
    case 'video': {
      const { shoppableAtMs, clipAtMs } = record as VideoRecord;
      return [
        ...once('shoppableVideos', shoppableAtMs),
        ...once('clips', clipAtMs),
      ];
    }
    case 'product':
      return once('productsListed', (record as ProductRecord).listedAtMs);
  }
}

/** A month: no stream is longer, and whoever says so is counted no further. */
export const LONGEST_STREAM_MS = 31 * 86_400_000;

/** For how long a stream ran, in milliseconds: nothing until its end is known. */
export function durationMsOf({ durationSeconds }: SessionRecord): number {
  return Math.min(durationSeconds * 1_000, LONGEST_STREAM_MS);
}

function onAir(session: SessionRecord): Contribution[] {
  const { sessionId, startedAtMs, endedAtMs } = session;
  const durationMs = durationMsOf(session);
  if (endedAtMs === null || durationMs === 0) return [];
  const atMs = startedAtMs ?? endedAtMs - durationMs;
  return [
    {
      metric: 'liveSeconds',
      amount: durationMs / 1_000,
      atMs,
      untilMs: atMs + durationMs,
      channel: null,
      sessionId,
    },
  ];
}

function once(
  metric: 'shoppableVideos' | 'clips' | 'productsListed',
  atMs: number | null,
): Contribution[] {
  return atMs === null
    ? []
    : [{ metric, amount: 1, atMs, channel: null, sessionId: null }];
}
