import type { DeliveryEvent } from '@app/contracts';
import {
  entryId,
  jsonInteger,
  move,
  standingAfter,
  takeBackFrom,
  type Entry,
  type EntryDraft,
  type EventReference,
  type LotStanding,
  type ReleaseCause,
  type RewardTakenBackCause,
  type TakenBack,
} from '@app/ledger';
import { evolve } from './evolve.js';
import {
  merchantOf,
  timeOf,
  type PromotionInput,
  type WatchedActivity,
} from './input.js';
import {
  MAX_SESSIONS,
  MAX_VIDEOS,
  type MerchantPromotion,
  type OpenLot,
  type OpenOrder,
} from './merchant-promotion.js';
import { plan, POLICY, type PlannedOrder } from './plan.js';

/** The promotions journal's last entry: the next draft becomes the entry behind it. */
export interface JournalPlace {
  shard: number;
  sequence: bigint;
}

/** Grants that are to be taken back, by their ids: as they are ahead of an input. */
export type LotStandings = ReadonlyMap<string, LotStanding>;

export interface MerchantDecision {
  merchant: MerchantPromotion;
  /** Those that were given, after the input. */
  lots: LotStandings;
  drafts: EntryDraft[];
  /** Why the input had no effect, where it is one that should have had one. */
  refusal: { refusal: 'order_not_open'; detail: string } | null;
}

/** How long after its deadline an order waits for its last report. */
export const REPORT_GRACE_MS = 10 * 60_000;
/** How long a placement is left alone after an order there came to nothing. */
export const REST_MS = 15 * 60_000;

/**
 * What one input makes the projector do for one merchant: entries for the promotions journal, and the
 * merchant after them. Pure: time comes with the input. An input that only moves time, where nothing was
 * due, leaves the merchant as it was, so that how inputs are batched makes no difference.
 *
 * @param lots those that the input takes back, or more: a merchant keeps no lot that has nothing left
 */
export function decide(
  merchant: MerchantPromotion,
  input: PromotionInput,
  place: JournalPlace,
  lots: LotStandings = new Map(),
): MerchantDecision {
  const turn = new Turn(merchant, input, place, lots);
  const refusal = turn.takeInput();
  if (refusal) return { merchant, lots, drafts: [], refusal };
  turn.closeOverdueOrders();
  turn.expireLots();
  turn.placeOrders();
  return { ...turn.outcome(), refusal: null };
}

/** When time alone will next have something to do for a merchant; null for never. */
export function nextDueMs(merchant: MerchantPromotion): number | null {
  const times = [
    ...merchant.lots
      .filter(({ available }) => available > 0n)
      .map(({ expiresAtMs }) => expiresAtMs),
    ...merchant.orders.map(({ deadlineMs }) => deadlineMs + REPORT_GRACE_MS),
    ...(merchant.autoPromotion.enabled && merchant.lots.length > 0
      ? Object.values(merchant.restUntilMs)
      : []),
  ];
  return times.length > 0 ? Math.min(...times) : null;
}

/** One merchant's turn with one input: entries pile up, and the merchant follows them. */
class Turn {
  readonly #before: MerchantPromotion;
  readonly #drafts: EntryDraft[] = [];
  #merchant: MerchantPromotion;
  #lots: LotStandings;
  #observed = false;

  constructor(
    merchant: MerchantPromotion,
    private readonly input: PromotionInput,
    private readonly place: JournalPlace,
    lots: LotStandings,
  ) {
    this.#lots = lots;
    this.#before = merchant;
    this.#merchant = {
      ...merchant,
      clockMs: Math.max(merchant.clockMs, timeOf(input)),
    };
  }

  outcome(): Omit<MerchantDecision, 'refusal'> {
    const idle = !this.#observed && this.#drafts.length === 0;
    return {
      merchant: idle ? this.#before : this.#merchant,
      lots: this.#lots,
      drafts: this.#drafts,
    };
  }

  takeInput(): MerchantDecision['refusal'] {
    const { input } = this;
    switch (input.kind) {
      case 'entry':
        if (input.entry.cause.type === 'reward_taken_back')
          this.#takeBack(input.entry, input.entry.cause);
        else this.#observe(evolve(this.#merchant, input.entry));
        return null;
      case 'activity':
        this.#takeActivity(input.event, input.reference);
        return null;
      case 'delivery':
        return this.#takeReport(input.event, input.reference);
      case 'time':
        return null;
    }
  }

  closeOverdueOrders(): void {
    for (const order of this.#merchant.orders) {
      if (order.deadlineMs + REPORT_GRACE_MS <= this.#merchant.clockMs)
        this.#close(order, 'deadline_passed', null);
    }
    this.#endRests();
  }

  expireLots(): void {
    for (const lot of this.#merchant.lots) {
      if (lot.expiresAtMs <= this.#merchant.clockMs && lot.available > 0n)
        this.#expire(lot);
    }
  }

  placeOrders(): void {
    for (const planned of plan(this.#merchant)) this.#reserve(planned);
  }

  #takeActivity(event: WatchedActivity, reference: EventReference): void {
    const merchant = this.#merchant;
    switch (event.type) {
      case 'live.started':
        // Its end may have come first.
        if (merchant.endedSessionIds.includes(event.data.sessionId)) return;
        return this.#observe({
          ...merchant,
          sessionIds: withLatest(
            merchant.sessionIds,
            event.data.sessionId,
            MAX_SESSIONS,
          ),
        });
      case 'live.ended':
        return this.#observe(endSession(merchant, event.data.sessionId));
      case 'video.published':
        if (!event.data.shoppable) return;
        return this.#observe({
          ...merchant,
          videoIds: withLatest(
            merchant.videoIds,
            event.data.videoId,
            MAX_VIDEOS,
          ),
        });
      case 'auto_promotion.enabled':
        return this.#switch(true, event.data.by, reference);
      case 'auto_promotion.disabled':
        this.#switch(false, event.data.by, reference);
        for (const order of this.#merchant.orders)
          this.#close(order, 'switched_off', reference);
        return;
    }
  }

  #takeReport(
    event: DeliveryEvent,
    reference: EventReference,
  ): MerchantDecision['refusal'] {
    const { promotionOrderId } = event.data;
    const order = this.#merchant.orders.find(
      (open) => open.promotionOrderId === promotionOrderId,
    );
    if (!order && isAcknowledgement(event)) return null;
    if (!order)
      return {
        refusal: 'order_not_open',
        detail: `data.promotionOrderId: ${promotionOrderId} is not an open order of this merchant`,
      };
    if (event.type === 'promotion.delivered')
      this.#deliver(order, event, reference);
    else this.#close(order, event.data.reason, reference);
    return null;
  }

  #switch(enabled: boolean, by: string, event: EventReference): void {
    this.#write({
      kind: enabled ? 'switch_on' : 'switch_off',
      postings: [],
      cause: { type: 'auto_promotion_switched', enabled, by, event },
    });
  }

  #reserve({
    placement,
    targetId,
    parts,
    deadlineMs,
    spendable,
  }: PlannedOrder): void {
    const impressions = parts.reduce((sum, { amount }) => sum + amount, 0n);
    this.#write({
      kind: 'reserve',
      postings: parts.flatMap(({ lotId, unit, amount }) =>
        move(unit, amount, 'available', 'reserved', lotId),
      ),
      cause: {
        type: 'promotion_ordered',
        promotionOrderId: this.#nextEntryId(),
        placement,
        ...(placement === 'live'
          ? { sessionId: targetId }
          : { videoId: targetId }),
        impressions: jsonInteger(impressions),
        deadline: new Date(deadlineMs).toISOString(),
        decision: { policy: POLICY, spendable: jsonInteger(spendable) },
      },
    });
  }

  /** Delivers what was reported, as far as it was reserved: an overrun costs the merchant nothing. */
  #deliver(
    order: OpenOrder,
    event: Extract<DeliveryEvent, { type: 'promotion.delivered' }>,
    reference: EventReference,
  ): void {
    const { impressions, clicks, orders, gmvMinor } = event.data;
    let left = BigInt(impressions);
    const postings = order.parts.flatMap(({ lotId, amount }) => {
      const taken = amount < left ? amount : left;
      left -= taken;
      return taken > 0n
        ? move(
            this.#lot(lotId).unit,
            taken,
            'reserved',
            `spent:${order.placement}`,
            lotId,
          )
        : [];
    });
    this.#write({
      kind: 'deliver',
      postings,
      cause: {
        type: 'promotion_delivered',
        promotionOrderId: order.promotionOrderId,
        reportedImpressions: impressions,
        clicks,
        orders,
        gmvMinor,
        event: reference,
      },
    });
  }

  #close(
    order: OpenOrder,
    reason: ReleaseCause['reason'],
    event: EventReference | null,
  ): void {
    this.#write({
      kind: 'release',
      postings: order.parts.flatMap(({ lotId, amount }) =>
        move(this.#lot(lotId).unit, amount, 'reserved', 'available', lotId),
      ),
      cause: {
        type: 'promotion_closed',
        promotionOrderId: order.promotionOrderId,
        reason,
        event,
      },
    });
    if (order.deliveredImpressions === 0n && reason !== 'switched_off')
      this.#observe({
        ...this.#merchant,
        restUntilMs: {
          ...this.#merchant.restUntilMs,
          [order.placement]: this.#merchant.clockMs + REST_MS,
        },
      });
  }

  #expire({ lotId, unit, program, expiresAtMs, available }: OpenLot): void {
    this.#write({
      kind: 'expire',
      postings: move(unit, available, 'available', `expired:${program}`, lotId),
      cause: {
        type: 'lot_expired',
        lotId,
        program,
        expiresAt: new Date(expiresAtMs).toISOString(),
      },
    });
  }

  /**
   * Does what the granter decided, lot by lot. An entry without postings says that nothing was left to take. What has
   * expired by now is not taken back, whether or not anything had brought the time before.
   */
  #takeBack(decision: Entry, { program, lots }: RewardTakenBackCause): void {
    this.closeOverdueOrders();
    this.expireLots();
    const decidedBy = idOf(decision);
    for (const { lotId, amount } of lots) {
      const lot = this.#lots.get(lotId);
      const { postings, owed } =
        lot?.merchantId === decision.merchantId
          ? takeBackFrom(lot, BigInt(amount))
          : NOTHING_TAKEN;
      this.#write({
        kind: 'clawback',
        postings,
        cause: {
          type: 'lot_taken_back',
          lotId,
          program,
          decidedBy,
          asked: amount,
          ...(owed > 0n ? { owed: jsonInteger(owed) } : {}),
        },
      });
    }
  }

  #endRests(): void {
    const { restUntilMs, clockMs } = this.#merchant;
    const going = Object.entries(restUntilMs).filter(([, ms]) => ms > clockMs);
    if (going.length !== Object.keys(restUntilMs).length)
      this.#observe({
        ...this.#merchant,
        restUntilMs: Object.fromEntries(going),
      });
  }

  #write(fact: Pick<EntryDraft, 'kind' | 'postings' | 'cause'>): void {
    const draft: EntryDraft = {
      ...fact,
      merchantId: merchantOf(this.input),
      occurredAtMs: timeOf(this.input),
    };
    this.#drafts.push(draft);
    this.#merchant = evolve(this.#merchant, draft);
    this.#lots = standingsAfter(this.#lots, draft);
  }

  #observe(merchant: MerchantPromotion): void {
    this.#observed = true;
    this.#merchant = merchant;
  }

  #nextEntryId(): string {
    const { shard, sequence } = this.place;
    return entryId(
      'promotions',
      shard,
      sequence + BigInt(this.#drafts.length) + 1n,
    );
  }

  #lot(lotId: string): OpenLot {
    const lot = this.#merchant.lots.find((open) => open.lotId === lotId);
    if (!lot) throw new Error(`lot ${lotId} is reserved for but not there`);
    return lot;
  }
}

const NOTHING_TAKEN: TakenBack = { postings: [], owed: 0n };

function idOf({ journal, shard, sequence }: Entry): string {
  return entryId(journal, shard, sequence);
}

/** The same grants after one more entry of this journal. */
function standingsAfter(lots: LotStandings, draft: EntryDraft): LotStandings {
  const moved = new Set(
    draft.postings.flatMap(({ lotId }) =>
      lotId !== null && lots.has(lotId) ? [lotId] : [],
    ),
  );
  if (moved.size === 0) return lots;
  const after = new Map(lots);
  for (const lotId of moved)
    after.set(lotId, standingAfter(lots.get(lotId)!, draft));
  return after;
}

/** What ad delivery answers to our own cancelling of an order, which closed it here. */
function isAcknowledgement(event: DeliveryEvent): boolean {
  return event.type === 'promotion.closed' && event.data.reason === 'cancelled';
}

/** A stream that has ended takes no new orders; those it has end soon after its last reports. */
function endSession(
  merchant: MerchantPromotion,
  sessionId: string,
): MerchantPromotion {
  return {
    ...merchant,
    sessionIds: merchant.sessionIds.filter((id) => id !== sessionId),
    endedSessionIds: withLatest(
      merchant.endedSessionIds,
      sessionId,
      MAX_SESSIONS,
    ),
    orders: merchant.orders.map((order) =>
      order.placement === 'live' && order.targetId === sessionId
        ? {
            ...order,
            deadlineMs: Math.min(order.deadlineMs, merchant.clockMs),
          }
        : order,
    ),
  };
}

function withLatest(
  ids: readonly string[],
  id: string,
  limit: number,
): string[] {
  return [...ids.filter((known) => known !== id), id].slice(-limit);
}
