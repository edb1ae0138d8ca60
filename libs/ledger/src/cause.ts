import type { Placement } from '@app/contracts';

/**
 * Why an entry is there: all that an auditor needs to decide it again. Plain JSON; integers beyond
 * 2^53 - 1 are decimal strings, so that no reader rounds them.
 */
export type Cause =
  | BudgetCause
  | GoalCause
  | PromotionOrderCause
  | DeliveryCause
  | ReleaseCause
  | ExpiryCause
  | SwitchCause
  | AdjustmentCause
  | PayoutCause;

/** A message on Kafka and the event that it carried. */
export interface EventReference {
  topic: string;
  partition: number;
  /** Decimal. */
  offset: string;
  source: string;
  id: string;
}

/** The events that a cause names. */
export function eventsOf(cause: Cause): readonly EventReference[] {
  if ('events' in cause) return cause.events;
  return 'event' in cause && cause.event ? [cause.event] : [];
}

/** An integer in a cause; see {@link Cause}. */
export type JsonInteger = number | string;

export function jsonInteger(value: bigint): JsonInteger {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A program version was given its budget: this shard's share of it. */
export interface BudgetCause {
  type: 'program_published';
  program: string;
  version: number;
  /** SHA-256 of the program's canonical JSON, in hex. */
  programHash: string;
}

/** A metric reached a tier of a goal. */
export interface GoalCause {
  type: 'goal_reached';
  program: string;
  version: number;
  goal: string;
  tier: string;
  /** First day of the period and what kind it is, e.g. `week:2024-11-04`. */
  period: string;
  metric: string;
  /** The metric's value after the event. */
  value: JsonInteger;
  threshold: JsonInteger;
  /** What the tier pays; more than was granted where the pool ran dry. */
  promised: JsonInteger;
  poolRanDry: boolean;
  /** What of the grant settled a part of what the merchant owed; left out where nothing did. */
  keptBack?: JsonInteger;
  /** RFC 3339, UTC: when the lot expires; cash does not. */
  expiresAt?: string;
  events: EventReference[];
}

/** The projector placed a promotion order, and on which numbers. */
export interface PromotionOrderCause {
  type: 'promotion_ordered';
  promotionOrderId: string;
  placement: Placement;
  sessionId?: string;
  videoId?: string;
  impressions: JsonInteger;
  /** RFC 3339, UTC. */
  deadline: string;
  decision: {
    policy: string;
    /** What the merchant had for this placement, before this order. */
    spendable: JsonInteger;
  };
}

/** The ad-delivery service reported impressions. */
export interface DeliveryCause {
  type: 'promotion_delivered';
  promotionOrderId: string;
  /** What was reported; more than was delivered from the reserve where the service overran the order. */
  reportedImpressions: JsonInteger;
  clicks: number;
  orders: number;
  gmvMinor: number;
  event: EventReference;
}

/** A promotion order ended and gave back what it had not used. */
export interface ReleaseCause {
  type: 'promotion_closed';
  promotionOrderId: string;
  reason:
    | 'completed'
    | 'session_ended'
    | 'cancelled'
    | 'rejected'
    | 'deadline_passed'
    | 'switched_off';
  /** What closed it; none where time alone did. */
  event: EventReference | null;
}

/** A lot's time passed. */
export interface ExpiryCause {
  type: 'lot_expired';
  lotId: string;
  program: string;
  /** RFC 3339, UTC. */
  expiresAt: string;
}

/** The merchant's switch was turned. */
export interface SwitchCause {
  type: 'auto_promotion_switched';
  enabled: boolean;
  by: string;
  event: EventReference;
}

/** That two identities agreed: one proposed it, another approved it. */
export interface Agreement {
  reason: string;
  proposalId: string;
  proposedBy: string;
  /** RFC 3339, UTC. */
  proposedAt: string;
  approvedBy: string;
  /** RFC 3339, UTC. */
  approvedAt: string;
}

/** Finance corrected something. */
export interface AdjustmentCause extends Agreement {
  type: 'adjusted';
  adjustment: 'give' | 'take_back' | 'budget' | 'cash';
  program: string;
  /** What was proposed; less than nothing where a budget is cut. The postings have what could be moved of it. */
  asked: JsonInteger;
  /** The lot that is taken back. */
  lotId?: string;
  /** RFC 3339, UTC: when the lot that is given expires. */
  expiresAt?: string;
  /** What of it settled a part of what the merchant owed; left out where nothing did. */
  keptBack?: JsonInteger;
  /** What of it was no longer available, and is owed; left out where nothing is. */
  owed?: JsonInteger;
}

/** Cash was paid out, to which several programs may have added. */
export interface PayoutCause extends Agreement {
  type: 'adjusted';
  adjustment: 'payout';
  asked: JsonInteger;
}
