import { TOPICS, type ActivityEvent } from '@app/contracts';
import {
  leaseDraft,
  type ChainTip,
  type EntryDraft,
  type LeaseReason,
  type Slice,
} from '@app/ledger';
import {
  coldStartsOf,
  decideGrants,
  issueDraft,
  poolKey,
  type ColdStart,
  type CountedBatch,
  type GrantOutcome,
  type GrantState,
  type Issue,
  type ProgramSet,
} from '@app/programs';
import {
  deadLetter,
  forward,
  type AcceptedEvent,
  type Decide,
  type Intake,
  type SortedIntake,
} from '@app/streaming';
import type { GoalStarts } from './store/goal-starts.js';

export type GranterMessage = Intake<ActivityEvent>;

export interface GranterState extends GrantState {
  /** The programs that the batch counts and is decided with. */
  set: ProgramSet;
  intake: SortedIntake<ActivityEvent>;
  /** Goals that the batch is the first to follow: see {@link GoalStarts}. */
  begun: GoalStarts;
  /** The accepted events of the intake. */
  counted: CountedBatch;
  /** What becomes of this shard's pools ahead of the batch. */
  budgets: BudgetMoves;
}

/** What moves budget to and from a shard's pools. */
export interface BudgetMoves {
  /** The budgets that have their home here and are still to be issued. */
  issues: readonly Issue[];
  /** Lent to this shard, and still to be borrowed. */
  borrowed: readonly Slice[];
  /** Returned to this shard, their home, and still to be reclaimed. */
  reclaimed: readonly Slice[];
  /** Not needed here any more. */
  returned: readonly (Slice & { because: LeaseReason })[];
}

/** An event to keep, with the goals that it came too late for. */
export interface AcceptedActivity extends AcceptedEvent<ActivityEvent> {
  lateFor: readonly string[];
}

export interface GranterWork {
  /** The programs that it was decided with. */
  set: ProgramSet;
  drafts: EntryDraft[];
  accepted: AcceptedActivity[];
  facts: CountedBatch['facts'];
  begun: GoalStarts;
  progress: GrantOutcome['progress'];
  lots: GrantOutcome['lots'];
  /** What its pools had too little for: see {@link GrantOutcome}. */
  short: GrantOutcome['short'];
  /** What time it was: milliseconds since the epoch. */
  clockMs: number;
  counts: {
    duplicates: number;
    forwarded: number;
    late: number;
    refused: readonly string[];
    unpaid: GrantOutcome['unpaid'];
    /** Placed among the accepted. */
    coldStarts: readonly ColdStart[];
  };
}

/** The granter over one batch: a pure function, as the shell asks for it. */
export const granting: Decide<
  GranterMessage,
  ChainTip,
  GranterState,
  GranterWork
> = ({ shard, head, state, nowMs }) => {
  const { set } = state;
  const { accepted, duplicates, misrouted, refused } = state.intake;
  const { events, facts } = state.counted;
  const budgets = budgetDrafts(state.budgets, nowMs);
  const outcome = decideGrants(
    set,
    { ...state, pools: withBudgets(state.pools, budgets) },
    events,
    { shard, sequence: head.tip.sequence + BigInt(budgets.length) },
  );
  return {
    work: {
      set,
      drafts: [...budgets, ...outcome.drafts],
      accepted: accepted.map((one, i) => ({
        ...one,
        lateFor: events[i]!.lateFor,
      })),
      facts,
      begun: state.begun,
      progress: outcome.progress,
      lots: outcome.lots,
      short: outcome.short,
      clockMs: state.clockMs,
      counts: {
        duplicates,
        forwarded: misrouted.length,
        late: events.filter(({ lateFor }) => lateFor.length > 0).length,
        refused: refused.map(({ refusal }) => refusal),
        unpaid: outcome.unpaid,
        coldStarts: coldStartsOf(set, events, outcome),
      },
    },
    publishFirst: [
      ...refused.map(({ message, refusal, detail }) =>
        deadLetter(TOPICS.deadLetters, message, { refusal, detail }),
      ),
      ...misrouted.map(({ message, partition }) => forward(message, partition)),
    ],
  };
};

function budgetDrafts(
  { issues, borrowed, reclaimed, returned }: BudgetMoves,
  nowMs: number,
): EntryDraft[] {
  return [
    ...issues.map((issue) => issueDraft(issue, nowMs)),
    ...borrowed.map((slice) => leaseDraft('borrow', slice, nowMs)),
    ...reclaimed.map((slice) => leaseDraft('reclaim', slice, nowMs)),
    ...returned.map(({ because, ...slice }) =>
      leaseDraft('return', slice, nowMs, { because }),
    ),
  ];
}

function withBudgets(
  pools: ReadonlyMap<string, bigint>,
  budgets: readonly EntryDraft[],
): Map<string, bigint> {
  const filled = new Map(pools);
  for (const { postings } of budgets) {
    for (const { account, unit, amount } of postings) {
      if (!account.startsWith('pool:')) continue;
      const key = poolKey(account.slice('pool:'.length), unit);
      filled.set(key, (filled.get(key) ?? 0n) + amount);
    }
  }
  return filled;
}
