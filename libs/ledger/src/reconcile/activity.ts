import { TOPICS } from '@app/contracts';
import type { EventReference } from '../cause.js';
import type { EntryKind, Journal } from '../entry.js';

/** An event as the granter accepted it. */
export interface AcceptedEvent {
  merchantId: string;
  type: string;
  occurredAt: Date;
  /** In the partition of its shard. */
  offset: bigint;
  /** Of events that have one: in fen. */
  amountMinor: bigint | null;
  /** Whether it came too late for a goal. */
  isLate: boolean;
}

/** An entry whose cause names an event. */
export interface NamingEntry {
  entryId: string;
  journal: Journal;
  kind: EntryKind;
  merchantId: string | null;
  occurredAt: Date;
  /** The event, as the cause has it. */
  reference: EventReference;
  /**
   * What of activity the commit that wrote it had consumed: the first offset, and the one behind the last. Null in
   * promotions: what the promoter decides on may have come long before.
   */
  consumedByCommit: { from: bigint; to: bigint } | null;
  /** What it was granted for; null where it is no grant. Of one event no two grants are for the same. */
  grantedFor: string | null;
}

/** All that there is in a shard of one event: of both sides. */
export interface EventTrace {
  /** One; none where entries name it alone, and more only where the ledger is wrong. */
  accepted: readonly AcceptedEvent[];
  /** Whether the promoter has taken it. */
  isTakenByPromoter: boolean;
  /** In the order of journals and sequences. */
  namedBy: readonly NamingEntry[];
}

export interface ActivityBounds {
  shard: number;
  /** The offset that the granter takes next. */
  consumed: bigint;
  /** What happened before may be forgotten. */
  keptFrom: Date;
}

export type ActivityDifferenceKind =
  /** An entry names an event that was never accepted. */
  | 'not_accepted'
  /** An entry names a report that the promoter has not taken. */
  | 'not_taken'
  /** The entry names another place than where the event was accepted. */
  | 'at_another_offset'
  /** The entry is of another merchant than the event. */
  | 'of_another_merchant'
  /** The event was accepted more than once. */
  | 'accepted_twice'
  /** The entry is of another commit than the one that consumed the event. */
  | 'in_another_commit'
  /** Two grants are for the same, because of the one event. */
  | 'granted_twice'
  /** The event was accepted, but lies beyond what was consumed. */
  | 'beyond_consumed';

/** What does not fit between an event and the entries that name it. */
export interface ActivityDifference {
  difference: ActivityDifferenceKind;
  /** Null where it is about the event alone. */
  entryId: string | null;
  /** As the entry names it; null where no entry is concerned. */
  reference: EventReference | null;
  /** As it was accepted. */
  accepted: AcceptedEvent | null;
}

/** What does not fit in a trace; nothing where all is right. Pure. */
export function activityDifferences(
  trace: EventTrace,
  bounds: ActivityBounds,
): ActivityDifference[] {
  const { accepted, namedBy } = trace;
  const [event = null] = accepted;
  const ofEvent: ActivityDifferenceKind[] = [
    ...(accepted.length > 1 ? (['accepted_twice'] as const) : []),
    ...(accepted.some(({ offset }) => offset >= bounds.consumed)
      ? (['beyond_consumed'] as const)
      : []),
  ];
  return [
    ...ofEvent.map((difference) => ({
      difference,
      entryId: null,
      reference: null,
      accepted: event,
    })),
    ...namedBy.flatMap((entry) =>
      differencesOfEntry(entry, trace, bounds).map((difference) => ({
        difference,
        entryId: entry.entryId,
        reference: entry.reference,
        accepted: event,
      })),
    ),
  ];
}

function differencesOfEntry(
  entry: NamingEntry,
  { accepted, isTakenByPromoter, namedBy }: EventTrace,
  bounds: ActivityBounds,
): ActivityDifferenceKind[] {
  const { reference, journal } = entry;
  const found: ActivityDifferenceKind[] = [];
  const isForgotten = entry.occurredAt < bounds.keptFrom;
  if (journal === 'promotions' && !isTakenByPromoter && !isForgotten)
    found.push('not_taken');
  if (reference.topic !== TOPICS.activity) return found;
  const [event] = accepted;
  const offset = BigInt(reference.offset);
  if (!event) {
    // The two read the topic each at its own pace.
    const isAhead = journal === 'promotions' && offset >= bounds.consumed;
    if (!isForgotten && !isAhead) found.push('not_accepted');
  } else {
    if (reference.partition !== bounds.shard || offset !== event.offset)
      found.push('at_another_offset');
    if (entry.merchantId !== event.merchantId)
      found.push('of_another_merchant');
  }
  if (entry.consumedByCommit && !isWithin(offset, entry.consumedByCommit))
    found.push('in_another_commit');
  const isFirst =
    namedBy.find(({ grantedFor }) => grantedFor === entry.grantedFor) === entry;
  if (entry.grantedFor !== null && !isFirst) found.push('granted_twice');
  return found;
}

function isWithin(
  offset: bigint,
  { from, to }: { from: bigint; to: bigint },
): boolean {
  return offset >= from && offset < to;
}

/** What events of a type have led to. */
export interface ActivityCount {
  type: string;
  accepted: bigint;
  /** In fen, over those that have an amount. */
  amountMinor: bigint;
  /** Of the accepted: too late for a goal. */
  late: bigint;
  /** Of the accepted: those that a grant names. */
  ledToGrants: bigint;
  /** Of the accepted: those that no grant names, but another entry. */
  ledToOthers: bigint;
  /** Of the accepted: those that no entry names. */
  ledToNothing: bigint;
}

/** Adds accepted events to the counts by type. */
export function countActivity(
  counts: Map<string, ActivityCount>,
  { accepted, namedBy }: EventTrace,
): void {
  const isGranted = namedBy.some(({ kind }) => kind === 'grant');
  for (const { type, amountMinor, isLate } of accepted) {
    const count = counts.get(type) ?? nothingOf(type);
    counts.set(type, count);
    count.accepted += 1n;
    count.amountMinor += amountMinor ?? 0n;
    if (isLate) count.late += 1n;
    if (isGranted) count.ledToGrants += 1n;
    else if (namedBy.length > 0) count.ledToOthers += 1n;
    else count.ledToNothing += 1n;
  }
}

function nothingOf(type: string): ActivityCount {
  return {
    type,
    accepted: 0n,
    amountMinor: 0n,
    late: 0n,
    ledToGrants: 0n,
    ledToOthers: 0n,
    ledToNothing: 0n,
  };
}
