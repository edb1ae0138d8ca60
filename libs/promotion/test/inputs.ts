import {
  TOPICS,
  type AutoPromotionLimits,
  type ClipKind,
  type DeliveryData,
  type DeliveryEvent,
  type Unit,
} from '@app/contracts';
import type { EntryDraft } from '@app/ledger';
import { appendToChain, EMPTY_CHAIN, move } from '@app/ledger';
import type { PromotionInput, WatchedActivity } from '../src/index.js';

// What a merchant's day is told in. Times are minutes since its start.

const START_MS = Date.parse('2024-11-11T00:00:00Z');

export function minute(minutes: number): number {
  return START_MS + minutes * 60_000;
}

export interface Grant {
  lotId: string;
  unit: Unit;
  amount: number;
  at: number;
  expires: number;
  /** When the granter wrote it, where that is later. */
  recorded?: number;
  /** What of it settles what the merchant owes. */
  keptBack?: number;
  /** Of the entry; it names the grant where all of it is kept back. */
  sequence?: number;
}

export function granted(
  grant: Grant,
  merchantId = 'm1',
): PromotionInput & { kind: 'entry' } {
  const { lotId, unit, amount, at, expires, keptBack = 0 } = grant;
  const draft: EntryDraft = {
    kind: 'grant',
    merchantId,
    occurredAtMs: minute(at),
    postings: [
      ...(keptBack > 0
        ? move(unit, BigInt(keptBack), 'pool:ladder', 'owed')
        : []),
      ...(amount > keptBack
        ? move(
            unit,
            BigInt(amount - keptBack),
            'pool:ladder',
            'available',
            lotId,
          )
        : []),
    ],
    cause: {
      type: 'goal_reached',
      program: 'ladder',
      version: 1,
      goal: 'orders',
      tier: 'first',
      period: 'day:2024-11-11',
      metric: 'orders',
      value: 1,
      threshold: 1,
      promised: amount,
      poolRanDry: false,
      ...(keptBack > 0 ? { keptBack } : {}),
      expiresAt: new Date(minute(expires)).toISOString(),
      events: [],
    },
  };
  return inGrants(draft, grant.recorded ?? at, grant.sequence);
}

/** The granter wants so much of each lot taken back. */
export function takenBack(
  lots: Readonly<Record<string, number>>,
  at: number,
  {
    merchantId = 'm1',
    unit = 'ANY_IMP' as Unit,
    recorded = at,
    sequence = 1,
  } = {},
): PromotionInput & { kind: 'entry' } {
  const named = Object.entries(lots);
  const draft: EntryDraft = {
    kind: 'clawback',
    merchantId,
    occurredAtMs: minute(at),
    postings: [],
    cause: {
      type: 'reward_taken_back',
      program: 'ladder',
      version: 1,
      goal: 'orders',
      period: 'day:2024-11-11',
      metric: 'orders',
      value: 0,
      rule: 'difference',
      because: 'refund',
      unit,
      amount: named.reduce((sum, [, amount]) => sum + amount, 0),
      lots: named.map(([lotId, amount]) => ({ lotId, amount })),
      events: [],
    },
  };
  return inGrants(draft, recorded, sequence);
}

function inGrants(
  draft: EntryDraft,
  recorded: number,
  sequence = 1,
): PromotionInput & { kind: 'entry' } {
  const { entries } = appendToChain(
    'grants',
    0,
    { ...EMPTY_CHAIN, sequence: BigInt(sequence) - 1n },
    [draft],
    minute(recorded),
  );
  return { kind: 'entry', entry: entries[0]! };
}

export function registered(category: string, at: number, merchantId = 'm1') {
  const data = { category, followers: 0 };
  return activity({ type: 'merchant.registered', data }, at, merchantId);
}

export function started(
  sessionId: string,
  at: number,
  merchantId = 'm1',
  followers = 0,
) {
  const data = { sessionId, followers };
  return activity({ type: 'live.started', data }, at, merchantId);
}

export function ended(sessionId: string, at: number, merchantId = 'm1') {
  const data = { sessionId, durationSeconds: 60 };
  return activity({ type: 'live.ended', data }, at, merchantId);
}

export function published(
  videoId: string,
  at: number,
  {
    shoppable = true,
    merchantId = 'm1',
    clip = undefined as { sessionId: string; kind: ClipKind } | undefined,
  } = {},
) {
  const data = { videoId, shoppable, ...(clip ? { clip } : {}) };
  return activity({ type: 'video.published', data }, at, merchantId);
}

export function switchedOn(
  at: number,
  merchantId = 'm1',
  limits?: AutoPromotionLimits,
) {
  const data = { by: 'the merchant', ...(limits ? { limits } : {}) };
  return activity({ type: 'auto_promotion.enabled', data }, at, merchantId);
}

export function switchedOff(at: number, merchantId = 'm1') {
  const data = { by: 'the merchant' };
  return activity({ type: 'auto_promotion.disabled', data }, at, merchantId);
}

export function delivered(
  promotionOrderId: string,
  impressions: number,
  at: number,
  merchantId = 'm1',
) {
  const data = { promotionOrderId, impressions, clicks: 3, orders: 1 };
  return report(
    { type: 'promotion.delivered', data: { ...data, gmvMinor: 990 } },
    at,
    merchantId,
  );
}

export function closed(
  promotionOrderId: string,
  reason: DeliveryData<'promotion.closed'>['reason'],
  at: number,
  merchantId = 'm1',
) {
  const data = { promotionOrderId, reason };
  return report({ type: 'promotion.closed', data }, at, merchantId);
}

export function timePasses(to: number, merchantId = 'm1'): PromotionInput {
  return { kind: 'time', merchantId, atMs: minute(to) };
}

type Said<Event> = Event extends { type: infer Type; data: infer Data }
  ? { type: Type; data: Data }
  : never;

let ids = 0;

function envelope(topic: string, at: number, merchantId: string) {
  const id = String(++ids);
  const source = `/${topic}`;
  const reference = { topic, partition: 0, offset: id, source, id };
  return {
    head: { source, id, merchantId, occurredAtMs: minute(at) },
    reference,
  };
}

function activity(
  said: Said<WatchedActivity>,
  at: number,
  merchantId: string,
): PromotionInput & { kind: 'activity' } {
  const { head, reference } = envelope(TOPICS.activity, at, merchantId);
  return { kind: 'activity', event: { ...head, ...said }, reference };
}

function report(
  said: Said<DeliveryEvent>,
  at: number,
  merchantId: string,
): PromotionInput & { kind: 'delivery' } {
  const { head, reference } = envelope(TOPICS.delivery, at, merchantId);
  return { kind: 'delivery', event: { ...head, ...said }, reference };
}
