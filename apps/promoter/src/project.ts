import { TOPICS, type DeliveryEvent } from '@app/contracts';
import type { ChainTip, Entry, EntryDraft, EventReference } from '@app/ledger';
import {
  decideBatch,
  lotsToTakeBack,
  SpendingPlanner,
  type LotStandings,
  type MerchantPromotion,
  type Planner,
  type PromotionInput,
  type SharedMemory,
  type WatchedActivity,
} from '@app/promotion';
import {
  deadLetter,
  forward,
  sortIntake,
  type AcceptedEvent,
  type Decision,
  type Head,
  type Intake,
  type OutgoingMessage,
  type Positioned,
  type ReceivedMessage,
  type SeenEvents,
} from '@app/streaming';

/** What comes to the promoter: events, entries of the grants journal, and ticks of its timer. */
export type PromoterMessage =
  | ({ kind: 'activity' } & Intake<WatchedActivity>)
  /** Any other activity: it only tells what time it is. */
  | ({ kind: 'time'; merchantId: string; atMs: number } & Positioned)
  | ({ kind: 'delivery' } & Intake<DeliveryEvent>)
  | ({ kind: 'grant'; entry: Entry } & Positioned)
  | ({ kind: 'tick'; merchantId: string; atMs: number } & Positioned);

export interface PromoterState {
  merchants: ReadonlyMap<string, MerchantPromotion>;
  /** What the entries among the messages want taken back. */
  lots: LotStandings;
  /** What spending has learnt from the merchants of the shard. */
  learnt: SharedMemory;
  seen: SeenEvents;
}

export interface PromoterWork {
  drafts: EntryDraft[];
  changed: Map<string, MerchantPromotion>;
  /** What is learnt by now; null where nothing was learnt. */
  learnt: SharedMemory | null;
  /** Events to remember, so that none is taken twice. */
  taken: { key: Buffer; hash: Buffer; occurredAtMs: number }[];
  tickedAtMs: number | null;
  counts: { duplicates: number; refused: Record<string, number> };
}

interface Batch {
  shard: number;
  head: Head<ChainTip>;
  state: PromoterState;
  messages: readonly PromoterMessage[];
}

/** The projector over one batch: a pure function, as the shell asks for it. */
export function project(batch: Batch): Decision<PromoterWork> {
  const planner = new SpendingPlanner(batch.state.learnt);
  const decision = projectWith(planner, batch);
  return {
    ...decision,
    work: { ...decision.work, learnt: planner.learnt },
  };
}

/** {@link project} with a planner of one's own, which teaches the shard nothing. */
export function projectWith(
  planner: Planner,
  { shard, head, state, messages }: Batch,
): Decision<PromoterWork> {
  const activity = sortIntake(
    shard,
    messages.filter((message) => message.kind === 'activity'),
    state.seen,
  );
  const delivery = sortIntake(
    shard,
    messages.filter((message) => message.kind === 'delivery'),
    state.seen,
  );
  const accepted = new Map<
    ReceivedMessage,
    AcceptedEvent<WatchedActivity | DeliveryEvent>
  >(
    [...activity.accepted, ...delivery.accepted].map((event) => [
      event.message,
      event,
    ]),
  );
  const messageOf = new Map<PromotionInput, ReceivedMessage>();
  const inputs = messages.flatMap((message) => {
    const input = toInput(message, accepted);
    if (!input) return [];
    if ('message' in message) messageOf.set(input, message.message);
    return [input];
  });
  const { drafts, changed, refused } = decideBatch(
    state.merchants,
    inputs,
    { shard, sequence: head.tip.sequence },
    state.lots,
    planner,
  );
  // Activity that is refused or belongs elsewhere is the granter's to deal with: it reads the same topic.
  const refusedMessages = [
    ...delivery.refused,
    ...refused.map(({ input, refusal, detail }) => ({
      message: messageOf.get(input)!,
      refusal,
      detail,
    })),
  ];
  return {
    work: {
      drafts,
      changed,
      learnt: null,
      taken: [...accepted.values()].map(({ key, hash, event }) => ({
        key,
        hash,
        occurredAtMs: event.occurredAtMs,
      })),
      tickedAtMs: tickTime(messages),
      counts: {
        duplicates: activity.duplicates + delivery.duplicates,
        refused: countBy(refusedMessages.map(({ refusal }) => refusal)),
      },
    },
    publishFirst: [
      ...refusedMessages.map(({ message, refusal, detail }): OutgoingMessage =>
        deadLetter(TOPICS.deadLetters, message, { refusal, detail }),
      ),
      ...delivery.misrouted.map(({ message, partition }) =>
        forward(message, partition),
      ),
    ],
  };
}

function toInput(
  message: PromoterMessage,
  accepted: ReadonlyMap<
    ReceivedMessage,
    AcceptedEvent<WatchedActivity | DeliveryEvent>
  >,
): PromotionInput | null {
  switch (message.kind) {
    case 'grant':
      return makesLot(message.entry) || takesLotsBack(message.entry)
        ? { kind: 'entry', entry: message.entry }
        : null;
    case 'time':
    case 'tick': {
      const { merchantId, atMs } = message;
      return { kind: 'time', merchantId, atMs };
    }
    case 'delivery': {
      const event = accepted.get(message.message)?.event as
        DeliveryEvent | undefined;
      return event
        ? { kind: 'delivery', event, reference: referenceTo(message, event) }
        : null;
    }
    case 'activity': {
      const event = accepted.get(message.message)?.event as
        WatchedActivity | undefined;
      return event
        ? { kind: 'activity', event, reference: referenceTo(message, event) }
        : null;
    }
  }
}

/** Budgets and cash are nothing to spend; nor is a grant that all went to settle what was owed. */
function makesLot({ kind, postings }: Entry): boolean {
  return (
    (kind === 'grant' || kind === 'adjustment') &&
    postings.some(({ account }) => account === 'available')
  );
}

/** Cash is taken back where it is granted. */
function takesLotsBack(entry: Entry): boolean {
  return lotsToTakeBack(entry).length > 0;
}

function referenceTo(
  { message }: { message: ReceivedMessage },
  { source, id }: { source: string; id: string },
): EventReference {
  const { topic, partition, position } = message;
  return { topic, partition, offset: String(position), source, id };
}

function tickTime(messages: readonly PromoterMessage[]): number | null {
  const [first] = messages;
  return first?.kind === 'tick' ? first.atMs : null;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
