import type {
  Allocation,
  MerchantSlot,
  SpendableLot,
  SpendingPolicy,
  TraceSlot,
} from '@app/promotion';
import { earnedMinor } from './earned.js';
import { isSpendable } from './spendable.js';
import type { Trace } from './trace.js';

/** What became of a trace's lots and slots under a policy, each by its place in the trace. */
export interface Run {
  impressionsBySlot: Float64Array;
  /** In whole fen. */
  gmvMinorBySlot: Float64Array;
  /** Impressions never spent. */
  leftByLot: Float64Array;
  /** Slots a second of the policy's own time, with learning of their outcomes. */
  decisionsPerSecond: number;
}

/** A merchant's lots by their places in the trace. */
interface Wallet {
  places: number[];
  /**
   * Whether the first-expiring stand first. They are brought in order when the merchant's next slot begins and not as
   * they come: many come between two slots, and finding its place for each alone takes time that grows with the square
   * of their number.
   */
  isInOrder: boolean;
}

/** Of lots that arrive, so many are told of together. */
const LOTS_TOGETHER = 1_000;

/**
 * Takes a policy through a trace. At one instant, outcomes are learnt first; then lots arrive; then slots begin, in
 * the file's order. Outcomes of slots that outlast the last slot's beginning count, and are learnt at the end.
 *
 * @param onProgress is told how many lots and slots are done with, of how many: at the end all are, also lots that come
 *   after the last slot
 * @throws Error where the policy gives what there is not, or more than fits
 */
export function runPolicy(
  trace: Trace,
  policy: SpendingPolicy,
  onProgress: (done: number, total: number) => void = () => undefined,
): Run {
  const { merchants, lots, slots } = trace;
  const impressionsBySlot = new Float64Array(slots.length);
  const gmvMinorBySlot = new Float64Array(slots.length);
  const leftByLot = Float64Array.from(lots, ({ amount }) => amount);
  const wallets = new Map<string, Wallet>();
  const total = lots.length + slots.length;
  const byEnd = slots
    .map((_, place) => place)
    .sort((a, b) => slots[a]!.untilMs - slots[b]!.untilMs);
  let learnt = 0;
  let arrived = 0;
  let policyMs = 0;

  slots.forEach((traceSlot, place) => {
    learnUntil(traceSlot.atMs);
    arriveUntil(traceSlot.atMs, place);
    decide(traceSlot, place);
    onProgress(arrived + place + 1, total);
  });
  learnUntil(Infinity);
  if (arrived < lots.length) onProgress(total, total);
  const decisionsPerSecond = slots.length / (policyMs / 1_000);
  return { impressionsBySlot, gmvMinorBySlot, leftByLot, decisionsPerSecond };

  function learnUntil(nowMs: number): void {
    for (; learnt < byEnd.length; learnt++) {
      const place = byEnd[learnt]!;
      const traceSlot = slots[place]!;
      if (traceSlot.untilMs > nowMs) return;
      if (impressionsBySlot[place] === 0) continue;
      const slot = asSeen(traceSlot);
      const outcome = {
        impressions: impressionsBySlot[place]!,
        gmvMinor: gmvMinorBySlot[place]!,
      };
      const startedAtMs = performance.now();
      policy.learn(slot, outcome);
      policyMs += performance.now() - startedAtMs;
    }
  }

  function arriveUntil(nowMs: number, decided: number): void {
    for (; arrived < lots.length && lots[arrived]!.atMs <= nowMs; arrived++) {
      const wallet = walletOf(lots[arrived]!.merchantId);
      wallet.places.push(arrived);
      wallet.isInOrder = false;
      if (arrived % LOTS_TOGETHER === 0) onProgress(arrived + decided, total);
    }
  }

  /** Whom nothing was said of yet, the policy meets. */
  function walletOf(merchantId: string): Wallet {
    let wallet = wallets.get(merchantId);
    if (!wallet) {
      wallets.set(merchantId, (wallet = { places: [], isInOrder: true }));
      policy.meet(merchantId, merchants.get(merchantId)!.category);
    }
    return wallet;
  }

  /** The merchant's lots at an instant with something left, in the order that they expire, then that they came. */
  function openLots(merchantId: string, nowMs: number): number[] {
    const wallet = walletOf(merchantId);
    const places = wallet.places.filter(
      (lot) => leftByLot[lot]! > 0 && lots[lot]!.expiresAtMs > nowMs,
    );
    if (!wallet.isInOrder)
      places.sort((a, b) => lots[a]!.expiresAtMs - lots[b]!.expiresAtMs);
    wallets.set(merchantId, { places, isInOrder: true });
    return places;
  }

  function decide(traceSlot: TraceSlot, place: number): void {
    const usable = new Map<string, number>();
    const seen: SpendableLot[] = [];
    for (const lot of openLots(traceSlot.merchantId, traceSlot.atMs)) {
      const { lotId, unit, expiresAtMs } = lots[lot]!;
      if (isSpendable(lots[lot]!, traceSlot)) usable.set(lotId, lot);
      seen.push({ lotId, unit, expiresAtMs, available: leftByLot[lot]! });
    }

    const slot = asSeen(traceSlot);
    const startedAtMs = performance.now();
    const allocations = policy.decide(slot, seen);
    policyMs += performance.now() - startedAtMs;

    const impressions = take(slot, allocations, usable);
    impressionsBySlot[place] = impressions;
    gmvMinorBySlot[place] = Math.round(earnedMinor(traceSlot, impressions));
  }

  function take(
    slot: MerchantSlot,
    allocations: readonly Allocation[],
    usable: ReadonlyMap<string, number>,
  ): number {
    let total = 0;
    for (const { lotId, impressions } of allocations) {
      const lot = usable.get(lotId);
      if (lot === undefined)
        throw broken(slot, `gives of ${lotId}, which it may not`);
      if (!Number.isSafeInteger(impressions) || impressions < 0)
        throw broken(slot, `gives ${impressions} of ${lotId}`);
      if (impressions > leftByLot[lot]!)
        throw broken(
          slot,
          `gives ${impressions} of ${lotId}, which has ${leftByLot[lot]} left`,
        );
      leftByLot[lot]! -= impressions;
      total += impressions;
    }
    if (total > slot.capacity)
      throw broken(slot, `gives ${total} where ${slot.capacity} fit`);
    return total;
  }
}

/** A slot without what is not known when it begins. */
function asSeen(slot: TraceSlot): MerchantSlot {
  const { merchantId, placement, targetId, targetKind, clipKind } = slot;
  const { atMs, untilMs, capacity } = slot;
  return {
    merchantId,
    placement,
    targetId,
    targetKind,
    ...(clipKind ? { clipKind } : {}),
    atMs,
    untilMs,
    capacity,
  };
}

function broken(
  { merchantId, targetId, atMs }: MerchantSlot,
  what: string,
): Error {
  return new Error(
    `The policy ${what}, at ${new Date(atMs).toISOString()} to ${targetId} of ${merchantId}.`,
  );
}
