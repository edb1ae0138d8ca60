import type { ActivityEvent } from '@app/contracts';
import type { Contribution } from './contribution.js';

/** What is known of a merchant, whatever the programs: the same in whatever order the events came. */
export interface MerchantFacts {
  /** Milliseconds since the epoch; null until `merchant.registered` came. */
  registeredAtMs: number | null;
  /** Null until `merchant.registered` came. */
  category: string | null;
  /** As last stated by an event, by the events' time. */
  followers: bigint;
  /** When that was: milliseconds since the epoch; null until one was stated. */
  followersAtMs: number | null;
  /** The earliest stream that is known of. */
  firstStream: { sessionId: string; atMs: number } | null;
  /** The earliest payment that is known of. */
  firstSale: FirstSale | null;
  /** The earliest flag on the merchant: milliseconds since the epoch. */
  flaggedAtMs: number | null;
  /** By session, the earliest flag on it: milliseconds since the epoch. */
  flaggedSessions: ReadonlyMap<string, number>;
}

export const UNKNOWN_MERCHANT: MerchantFacts = Object.freeze({
  registeredAtMs: null,
  category: null,
  followers: 0n,
  followersAtMs: null,
  firstStream: null,
  firstSale: null,
  flaggedAtMs: null,
  flaggedSessions: new Map<string, number>(),
});

export interface FirstSale {
  orderId: string;
  /** Milliseconds since the epoch. */
  atMs: number;
  sessionId: string | null;
  /** A flagged sale counts no more, and passes nothing on to the next one. */
  isFlagged: boolean;
}

/**
 * What is known of a merchant after an event; the same object where it says nothing new.
 *
 * @param isFlagged whether the order that the event is about is
 */
export function applyToFacts(
  facts: MerchantFacts,
  event: ActivityEvent,
  isFlagged: boolean,
): MerchantFacts {
  const atMs = event.occurredAtMs;
  switch (event.type) {
    case 'merchant.registered': {
      const stated = statingFollowers(facts, event.data.followers, atMs);
      return facts.registeredAtMs !== null && facts.registeredAtMs <= atMs
        ? stated
        : { ...stated, registeredAtMs: atMs, category: event.data.category };
    }
    case 'live.started': {
      const { sessionId, followers } = event.data;
      const stated = statingFollowers(facts, followers, atMs);
      return isBefore(
        atMs,
        sessionId,
        facts.firstStream?.atMs,
        facts.firstStream?.sessionId,
      )
        ? { ...stated, firstStream: { sessionId, atMs } }
        : stated;
    }
    case 'order.paid': {
      const { firstSale } = facts;
      // Of nearly every order this is all that is asked.
      if (firstSale && firstSale.atMs < atMs) return facts;
      const { orderId, sessionId } = event.data;
      return isBefore(atMs, orderId, firstSale?.atMs, firstSale?.orderId)
        ? {
            ...facts,
            firstSale: {
              orderId,
              atMs,
              sessionId: sessionId ?? null,
              isFlagged,
            },
          }
        : facts;
    }
    case 'risk.flagged': {
      const { kind, id } = event.data.target;
      if (kind === 'merchant')
        return {
          ...facts,
          flaggedAtMs: Math.min(facts.flaggedAtMs ?? Infinity, atMs),
        };
      if (kind === 'order')
        return facts.firstSale?.orderId === id
          ? { ...facts, firstSale: { ...facts.firstSale, isFlagged: true } }
          : facts;
      const flaggedAtMs = Math.min(
        facts.flaggedSessions.get(id) ?? Infinity,
        atMs,
      );
      return {
        ...facts,
        flaggedSessions: new Map(facts.flaggedSessions).set(id, flaggedAtMs),
      };
    }
    default:
      return facts;
  }
}

function statingFollowers(
  facts: MerchantFacts,
  followers: number,
  atMs: number,
): MerchantFacts {
  const { followersAtMs } = facts;
  const isNews =
    followersAtMs === null ||
    atMs > followersAtMs ||
    // Of two numbers stated at one instant the larger holds, so that their arrival does not decide.
    (atMs === followersAtMs && BigInt(followers) > facts.followers);
  return isNews
    ? { ...facts, followers: BigInt(followers), followersAtMs: atMs }
    : facts;
}

/** Whether something was first. Of two at the same instant the name decides, so that their arrival does not. */
function isBefore(
  atMs: number,
  id: string,
  knownAtMs: number | undefined,
  knownId: string | undefined,
): boolean {
  if (knownAtMs === undefined || atMs < knownAtMs) return true;
  return atMs === knownAtMs && id < knownId!;
}

/** What a merchant's firsts add to metrics. */
export function contributionsOfFirsts({
  firstStream,
  firstSale,
}: MerchantFacts): Contribution[] {
  const contributions: Contribution[] = [];
  if (firstStream)
    contributions.push({
      metric: 'firstStream',
      amount: 1,
      atMs: firstStream.atMs,
      channel: null,
      sessionId: firstStream.sessionId,
    });
  if (firstSale && !firstSale.isFlagged)
    contributions.push({
      metric: 'firstSale',
      amount: 1,
      atMs: firstSale.atMs,
      channel: null,
      sessionId: firstSale.sessionId,
    });
  return contributions;
}

/** The stored form, plain JSON; what is not known is left out. */
export interface MerchantFactsJson {
  v: 1;
  registeredAtMs?: number;
  category?: string;
  followers?: number;
  followersAtMs?: number;
  firstStream?: { sessionId: string; atMs: number };
  firstSale?: {
    orderId: string;
    atMs: number;
    sessionId?: string;
    isFlagged?: true;
  };
  flaggedAtMs?: number;
  flaggedSessions?: Record<string, number>;
}

export function factsToJson(facts: MerchantFacts): MerchantFactsJson {
  return {
    v: 1,
    ...known('registeredAtMs', facts.registeredAtMs),
    ...known('category', facts.category),
    ...known('followersAtMs', facts.followersAtMs),
    ...(facts.followersAtMs === null
      ? {}
      : { followers: Number(facts.followers) }),
    ...known('firstStream', facts.firstStream),
    ...known('firstSale', facts.firstSale && firstSaleToJson(facts.firstSale)),
    ...known('flaggedAtMs', facts.flaggedAtMs),
    ...(facts.flaggedSessions.size > 0
      ? { flaggedSessions: Object.fromEntries(facts.flaggedSessions) }
      : {}),
  };
}

function firstSaleToJson({ orderId, atMs, sessionId, isFlagged }: FirstSale) {
  return {
    orderId,
    atMs,
    ...(sessionId === null ? {} : { sessionId }),
    ...(isFlagged ? { isFlagged } : {}),
  };
}

/** @throws Error where the stored form is of another version */
export function factsFromJson(json: unknown): MerchantFacts {
  const { v, followers, firstSale, flaggedSessions, ...rest } =
    json as MerchantFactsJson;
  if (v !== 1)
    throw new Error(
      `merchant facts of version ${String(v)} are not known here`,
    );
  return {
    ...UNKNOWN_MERCHANT,
    ...rest,
    followers: BigInt(followers ?? 0),
    firstSale: firstSale
      ? {
          ...firstSale,
          sessionId: firstSale.sessionId ?? null,
          isFlagged: firstSale.isFlagged ?? false,
        }
      : null,
    flaggedSessions: new Map(Object.entries(flaggedSessions ?? {})),
  };
}

function known<Name extends string, Value>(
  name: Name,
  value: Value | null,
): { [name in Name]?: Value } {
  return value === null ? {} : ({ [name]: value } as { [n in Name]?: Value });
}
