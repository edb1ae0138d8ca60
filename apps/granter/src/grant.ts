import { TOPICS, type ActivityEvent } from '@app/contracts';
import type { ChainTip, EntryDraft } from '@app/ledger';
import {
  budgetDrafts,
  decideGrants,
  poolKey,
  type GrantOutcome,
  type GrantState,
  type Program,
} from '@app/programs';
import {
  deadLetter,
  forward,
  sortIntake,
  type AcceptedEvent,
  type Decide,
  type Intake,
  type SeenEvents,
} from '@app/streaming';

export type GranterMessage = Intake<ActivityEvent>;

export interface GranterState extends GrantState {
  seen: SeenEvents;
  /** The program versions that this shard has its budget for, as {@link versionName}. */
  funded: ReadonlySet<string>;
}

export interface GranterWork {
  drafts: EntryDraft[];
  accepted: AcceptedEvent<ActivityEvent>[];
  progress: GrantOutcome['progress'];
  lots: GrantOutcome['lots'];
  counts: {
    duplicates: number;
    forwarded: number;
    refused: readonly string[];
    unpaid: number;
  };
}

export function versionName({
  program,
  version,
}: Pick<Program, 'program' | 'version'>): string {
  return `${program}/${version}`;
}

/** The granter over one batch: a pure function, as the shell asks for it. */
export function granting(
  programs: readonly Program[],
  shardCount: number,
): Decide<GranterMessage, ChainTip, GranterState, GranterWork> {
  return ({ shard, head, state, messages, nowMs }) => {
    const { accepted, duplicates, misrouted, refused } = sortIntake(
      shard,
      messages,
      state.seen,
    );
    const budgets = programs
      .filter((program) => !state.funded.has(versionName(program)))
      .flatMap((program) =>
        budgetDrafts(program, { shard, shardCount }, nowMs),
      );
    const outcome = decideGrants(
      programs,
      { ...state, pools: withBudgets(state.pools, budgets) },
      accepted.map(({ event, message }) => ({
        event,
        reference: {
          topic: message.topic,
          partition: message.partition,
          offset: String(message.position),
          source: event.source,
          id: event.id,
        },
      })),
      { shard, sequence: head.tip.sequence + BigInt(budgets.length) },
    );
    return {
      work: {
        drafts: [...budgets, ...outcome.drafts],
        accepted,
        progress: outcome.progress,
        lots: outcome.lots,
        counts: {
          duplicates,
          forwarded: misrouted.length,
          refused: refused.map(({ refusal }) => refusal),
          unpaid: outcome.unpaid.length,
        },
      },
      publishFirst: [
        ...refused.map(({ message, refusal, detail }) =>
          deadLetter(TOPICS.deadLetters, message, { refusal, detail }),
        ),
        ...misrouted.map(({ message, partition }) =>
          forward(message, partition),
        ),
      ],
    };
  };
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
