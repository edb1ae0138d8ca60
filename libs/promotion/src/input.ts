import type { ActivityEventOf, DeliveryEvent } from '@app/contracts';
import type { Entry, EventReference } from '@app/ledger';

/** The activity that says what a merchant is, where traffic can go and whether it may. */
export const WATCHED_ACTIVITY = [
  'merchant.registered',
  'live.started',
  'live.ended',
  'video.published',
  'auto_promotion.enabled',
  'auto_promotion.disabled',
] as const;

export type WatchedActivity = ActivityEventOf<
  (typeof WATCHED_ACTIVITY)[number]
>;

/** One thing that the projector is told about one merchant. */
export type PromotionInput =
  | { kind: 'entry'; entry: Entry }
  | { kind: 'activity'; event: WatchedActivity; reference: EventReference }
  | { kind: 'delivery'; event: DeliveryEvent; reference: EventReference }
  /** Any other event of the merchant: it says only what time it is. */
  | { kind: 'time'; merchantId: string; atMs: number };

/** The grants that an entry of the grants journal wants taken back, by their ids; none for nearly all. */
export function lotsToTakeBack({ cause }: Entry): string[] {
  return cause.type === 'reward_taken_back'
    ? cause.lots.map(({ lotId }) => lotId)
    : [];
}

/** The merchant that an input is about; null for the platform's own entries. */
export function merchantOf(input: PromotionInput): string | null {
  switch (input.kind) {
    case 'entry':
      return input.entry.merchantId;
    case 'activity':
    case 'delivery':
      return input.event.merchantId;
    case 'time':
      return input.merchantId;
  }
}

/**
 * The time that an input brings: milliseconds since the epoch. An entry brings the time of its writing
 * where that is later, so that what an old event earned expires at once.
 */
export function timeOf(input: PromotionInput): number {
  switch (input.kind) {
    case 'entry':
      return Math.max(input.entry.occurredAtMs, input.entry.recordedAtMs);
    case 'activity':
    case 'delivery':
      return input.event.occurredAtMs;
    case 'time':
      return input.atMs;
  }
}
