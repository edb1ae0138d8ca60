import type {
  AutoPromotionLimits,
  ClipKind,
  Placement,
  Unit,
} from '@app/contracts';
import type { MerchantSpending } from './planning/merchant-spending.js';
import type { TargetKind } from './spending/index.js';

/** What the projector knows of one merchant: a fold of the journals and of what it was shown. */
export interface MerchantPromotion {
  /** The latest time seen in an input that changed something: milliseconds since the epoch, like all instants here. */
  clockMs: number;
  /** Null until their registration was heard of. */
  category: string | null;
  autoPromotion: AutoPromotion;
  /** Lots with something left, in the order they are spent: first-expiring first. */
  lots: readonly OpenLot[];
  /** Streams that have started and not ended, latest last; the latest few. */
  sessions: readonly RunningSession[];
  /** Streams that have ended, latest last; the latest few. */
  endedSessionIds: readonly string[];
  /** Shoppable videos, latest last; the latest few. */
  videos: readonly PublishedVideo[];
  orders: readonly OpenOrder[];
  /** Counted against the daily cap. */
  orderedToday: OrderedToday;
  /** What planning remembers; null where it has not planned yet. */
  spending: MerchantSpending | null;
}

export interface AutoPromotion {
  enabled: boolean;
  /** When the switch was last turned; null where it never was. */
  sinceMs: number | null;
  /** Id of the event that was last taken of it, whether or not it changed anything. */
  eventId: string | null;
  /** Those that the merchant last set; they hold while the switch is on. */
  limits: AutoPromotionLimits;
}

export interface OpenLot {
  lotId: string;
  unit: Unit;
  program: string;
  expiresAtMs: number;
  available: bigint;
  reserved: bigint;
}

/** Something that traffic can be shown with. */
interface Target {
  rest: Rest | null;
}

/** A target that orders come to nothing with is left alone for a while. */
export interface Rest {
  /** How many orders in a row have come to nothing. */
  failures: number;
  /** Null where it is over; the failures still count. */
  untilMs: number | null;
}

export interface RunningSession extends Target {
  sessionId: string;
  startedAtMs: number;
  /** When it started; null where it was not kept. */
  followers: number | null;
  /** What was ordered for it and not released. */
  givenImpressions: bigint;
}

export interface PublishedVideo extends Target {
  videoId: string;
  publishedAtMs: number;
  /** The stream that it was cut from and what it is of; null where it is no clip. */
  clip: { sessionId: string; kind: ClipKind } | null;
}

/** A promotion order that is out. */
export interface OpenOrder {
  promotionOrderId: string;
  placement: Placement;
  /** The session or the video, by the placement. */
  targetId: string;
  orderedAtMs: number;
  deadlineMs: number;
  /** What is still reserved for it, by lot, in the order it is spent. */
  parts: readonly { lotId: string; amount: bigint }[];
  deliveredImpressions: bigint;
  deliveredOrders: number;
  deliveredGmvMinor: number;
  /** What it was planned for; null where its policy knew no slots. */
  slot: PlannedSlot | null;
}

export interface PlannedSlot {
  targetKind: TargetKind;
  /** Of clips; left out of what was ordered before it was kept. */
  clipKind?: ClipKind;
  /** The impressions that it was thought to take. */
  capacity: number;
  untilMs: number;
}

export interface OrderedToday {
  /** The latest day in Asia/Shanghai that something was ordered on, `yyyy-mm-dd`; null for none. */
  day: string | null;
  /** What was ordered on it, less what of that was released. */
  impressions: bigint;
}

export const UNKNOWN_MERCHANT: MerchantPromotion = {
  clockMs: 0,
  category: null,
  autoPromotion: { enabled: false, sinceMs: null, eventId: null, limits: {} },
  lots: [],
  sessions: [],
  endedSessionIds: [],
  videos: [],
  orders: [],
  orderedToday: { day: null, impressions: 0n },
  spending: null,
};

/** A merchant may run so many streams at a time, and has so many videos remembered: state stays bounded. */
export const MAX_SESSIONS = 8;
export const MAX_VIDEOS = 16;

/** What kind of target a video is. */
export function videoKind({ clip }: PublishedVideo): TargetKind {
  return clip ? 'clip' : 'video';
}

/** Whether a target is left alone at an instant. */
export function rests({ rest }: Target, atMs: number): boolean {
  return rest?.untilMs != null && atMs < rest.untilMs;
}
