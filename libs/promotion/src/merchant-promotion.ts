import type { Placement, Unit } from '@app/contracts';

/** What the projector knows of one merchant: a fold of the journals and of what it was shown. */
export interface MerchantPromotion {
  /** The latest time seen in an input that changed something: milliseconds since the epoch. */
  clockMs: number;
  autoPromotion: AutoPromotion;
  /** Lots with something left, in the order they are spent: first-expiring first. */
  lots: readonly OpenLot[];
  /** Streams that have started and not ended, latest last. */
  sessionIds: readonly string[];
  /** Streams that have ended, latest last; the latest few. */
  endedSessionIds: readonly string[];
  /** Shoppable videos, latest last; the latest few. */
  videoIds: readonly string[];
  orders: readonly OpenOrder[];
  /** Until when a placement is left alone after an order there came to nothing. */
  restUntilMs: Readonly<Partial<Record<Placement, number>>>;
}

export interface AutoPromotion {
  enabled: boolean;
  /** When the switch was last turned; null where it never was. */
  sinceMs: number | null;
  /** Id of the event that turned it. */
  eventId: string | null;
}

export interface OpenLot {
  lotId: string;
  unit: Unit;
  program: string;
  expiresAtMs: number;
  available: bigint;
  reserved: bigint;
}

/** A promotion order that is out. */
export interface OpenOrder {
  promotionOrderId: string;
  placement: Placement;
  /** The session or the video, by the placement. */
  targetId: string;
  deadlineMs: number;
  /** What is still reserved for it, by lot, in the order it is spent. */
  parts: readonly { lotId: string; amount: bigint }[];
  deliveredImpressions: bigint;
}

export const UNKNOWN_MERCHANT: MerchantPromotion = {
  clockMs: 0,
  autoPromotion: { enabled: false, sinceMs: null, eventId: null },
  lots: [],
  sessionIds: [],
  endedSessionIds: [],
  videoIds: [],
  orders: [],
  restUntilMs: {},
};

/** A merchant may run so many streams at a time, and has so many videos remembered: state stays bounded. */
export const MAX_SESSIONS = 8;
export const MAX_VIDEOS = 16;
