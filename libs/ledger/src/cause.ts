import type {
  AutoPromotionLimits,
  Channel,
  ClipKind,
  Placement,
  Unit,
} from '@app/contracts';

/**
 * Why an entry is there: all that an auditor needs to decide it again. Plain JSON; integers beyond
 * 2^53 - 1 are decimal strings, so that no reader rounds them.
 */
export type Cause =
  | BudgetCause
  | LeaseCause
  | GoalCause
  | RewardTakenBackCause
  | LotTakenBackCause
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

/** A program version was given its budget in one unit, in the home shard of the two. */
export interface BudgetCause {
  type: 'program_published';
  program: string;
  version: number;
  /** Left out where it is from before budgets had a home: then it is this shard's even share of all of its units. */
  unit?: Unit;
  /** SHA-256 of the program's canonical JSON, in hex. */
  programHash: string;
}

/**
 * A slice of a program's budget goes from one shard to another. Its home lends it and the shard that needs it borrows
 * it; what is not needed any more the shard returns and the home reclaims. Each of the four steps is an entry of one
 * shard: the first of each pair of `fromShard`, the second of `toShard`.
 */
export interface LeaseCause {
  type: 'pool_leased';
  step: 'lend' | 'borrow' | 'return' | 'reclaim';
  program: string;
  unit: Unit;
  fromShard: number;
  toShard: number;
  /** Of a loan: what the home had left ahead of it. */
  left?: JsonInteger;
  /** Of a loan: what a batch was short of; left out where it was lent ahead of need. */
  needed?: JsonInteger;
  /** Of what is returned. */
  because?: LeaseReason;
}

/** Why a slice is returned: its program is over, or the home has run dry while the slice was not drawn on. */
export type LeaseReason = 'over' | 'unused';

/** Where days, weeks and months begin if a cause names no zone. It never changes: entries rely on it. */
export const TIME_ZONE = 'Asia/Shanghai';

/** A metric reached what a goal rewards. */
export interface GoalCause {
  type: 'goal_reached';
  program: string;
  version: number;
  goal: string;
  /** The tier that was reached; for goals without tiers how they pay: `every` or `rate`. */
  tier: string;
  /** First day of the period and what kind it is, e.g. `week:2024-11-04`. */
  period: string;
  /** IANA name: where the days of period and metric begin; left out where that is in {@link TIME_ZONE}. */
  timeZone?: string;
  metric: string;
  /** Where what was counted came from; left out where the goal takes all channels, and of metrics that have none. */
  channels?: readonly Channel[];
  /** From how many seconds on air on a day counts; left out of metrics that count no days. */
  secondsADay?: JsonInteger;
  /** The metric's value when it was decided. */
  value: JsonInteger;
  /** What the tier asks for; of `every` the value at which this part was reached, of `rate` its basis points. */
  threshold: JsonInteger;
  /** What a rate pays a period at most; left out where it came to no more. */
  atMost?: JsonInteger;
  /** What was deserved and not paid before; more than was granted where a cap or the pool left less. */
  promised: JsonInteger;
  /** Of a difference: what is deserved in all. It and `promisedBefore` are left out where nothing was promised before. */
  deserved?: JsonInteger;
  /** Of a difference: what of `deserved` was promised before; `promised` is the rest. */
  promisedBefore?: JsonInteger;
  poolRanDry: boolean;
  /** Left out where no cap of the merchant left less. */
  capped?: true;
  /** What was drawn, so that anybody can draw it again; left out where nothing was. */
  draw?: { from: JsonInteger; to: JsonInteger; seed: string };
  /** The part of the pool that it is, in millionths; left out where it is none. */
  partsPerMillion?: JsonInteger;
  /** What of the grant settled a part of what the merchant owed; left out where nothing did. */
  keptBack?: JsonInteger;
  /** RFC 3339, UTC: when the lot expires; cash does not. */
  expiresAt?: string;
  /** RFC 3339, UTC: when the goal settled; left out where an event paid at once. */
  settledAt?: string;
  /** What decided it; none where the clock did. */
  events: EventReference[];
}

/**
 * The granter took a reward back, by the rule of its program. Cash moves with it; lots are taken back where they are
 * spent, by an entry with a {@link LotTakenBackCause}.
 */
export interface RewardTakenBackCause {
  type: 'reward_taken_back';
  program: string;
  version: number;
  goal: string;
  period: string;
  metric: string;
  /** The metric's value now. */
  value: JsonInteger;
  rule: 'difference' | 'all';
  /** What made the metric fall: a refund, a flag, or an earlier payment that moved an order to another period. */
  because: 'refund' | 'flag' | 'correction';
  unit: Unit;
  amount: JsonInteger;
  /** What of each lot, the newest first; none where it is cash. */
  lots: { lotId: string; amount: JsonInteger }[];
  /** What of the cash was paid out already, and is owed; left out where nothing is. */
  owed?: JsonInteger;
  events: EventReference[];
}

/** The promoter took a lot back, as the granter decided. */
export interface LotTakenBackCause {
  type: 'lot_taken_back';
  lotId: string;
  program: string;
  /** The entry of the grants journal that decided it. */
  decidedBy: string;
  /** What was to be taken back; the postings have what could be. */
  asked: JsonInteger;
  /** What of it was no longer available, and is owed; left out where nothing is. */
  owed?: JsonInteger;
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
    /** What the target was thought to take, and until when; like all below, of policies that plan by slots. */
    slot?: {
      kind: 'session' | 'video' | 'clip';
      /** What a clip shows of its stream. */
      clipKind?: ClipKind;
      capacity: JsonInteger;
      /** RFC 3339, UTC. */
      until: string;
    };
    /** What the first impression was expected to bring. */
    expected?: {
      gmvMinorPerThousand: JsonInteger;
      /** By how much it may well be more, or, divided, less. */
      spreadPercent: JsonInteger;
    };
    /**
     * GMV in fen per thousand impressions that the merchant's traffic was expected to bring elsewhere: of the placement's
     * own unit, and of that for either placement. Left out where there was none.
     */
    prices?: { own?: JsonInteger; any?: JsonInteger };
    /** More than the price was right for, to find out what the target sells; left out where it is not so. */
    explored?: true;
    /**
     * The seed, target and instant in milliseconds, that a target tried before was drawn with to be tried again; left out
     * where nothing was drawn.
     */
    drawnWith?: string;
    /** What was decided of other targets in the same round; up to `price-of-traffic/1`, of those ahead of this one. */
    alternatives?: {
      targetId: string;
      gmvMinorPerThousand: JsonInteger;
      impressions: JsonInteger;
    }[];
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
    | 'switched_off'
    | 'limits_changed';
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

/** The merchant's switch was turned, or the limits that it carries were changed. */
export interface SwitchCause {
  type: 'auto_promotion_switched';
  enabled: boolean;
  by: string;
  /** All that hold from now on; left out where none do, and where the switch was turned off. */
  limits?: AutoPromotionLimits;
  /** Left out where the switch was turned: it stood on, and its limits were changed. */
  onlyLimits?: true;
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
