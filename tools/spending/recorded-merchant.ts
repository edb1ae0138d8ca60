import type { AutoPromotionLimits, Placement } from '@app/contracts';
import {
  accountClassOf,
  type DeliveryCause,
  type PromotionOrderCause,
} from '@app/ledger';
import type { ToldEntry } from '@app/ledger/postgres';
import type { SpendableLot, TraceLot, TraceSlot } from '@app/promotion';
import { recordedSlots, type RecordedOrder } from './recorded-slots.js';
import type { Trace } from './trace.js';

/** What became of a merchant's traffic. Amounts are impressions. */
export interface Outcome {
  spent: Record<Placement, number>;
  /** In fen. */
  gmvMinor: number;
  /** Of lots that expired in the period. */
  expired: number;
  /** At the end of the period, and not expired. */
  left: number;
}

/** Milliseconds since the epoch; the end is not in it. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** A merchant's recorded history in a span, in the form that policies run over. */
export interface RecordedHistory {
  trace: Trace;
  happened: Outcome;
  /** Orders of the span whose policy planned no slots, or to which nothing was delivered: no room is known of them. */
  ordersWithoutRoom: number;
  limitsAt: (atMs: number) => AutoPromotionLimits;
}

/** What is remembered of one merchant while their entries are read, in the order of their recording. */
export class RecordedMerchant {
  readonly #lots = new Map<string, TraceLot>();
  readonly #orders = new Map<string, RecordedOrder>();
  readonly #limits: { fromMs: number; limits: AutoPromotionLimits }[] = [];
  #expired = 0;

  constructor(
    private readonly merchantId: string,
    private readonly category: string,
    private readonly span: Span,
  ) {}

  take(entry: ToldEntry): void {
    const { cause } = entry;
    const atMs = entry.occurredAt.getTime();
    switch (cause.type) {
      case 'goal_reached':
      case 'lot_taken_back':
      case 'adjusted':
        return this.#changeLots(entry);
      case 'promotion_ordered':
        return this.#order(cause, atMs);
      case 'promotion_delivered':
        return this.#deliver(cause, entry);
      case 'promotion_closed': {
        const order = this.#orders.get(cause.promotionOrderId);
        if (order) order.isClosed = true;
        return;
      }
      case 'lot_expired':
        if (this.#isWithin(Date.parse(cause.expiresAt)))
          this.#expired += movedFrom(entry, 'available');
        return;
      case 'auto_promotion_switched':
        this.#limits.push({ fromMs: atMs, limits: cause.limits ?? {} });
    }
  }

  history(): RecordedHistory {
    const { fromMs, toMs } = this.span;
    const lots = [...this.#lots.values()]
      .filter((lot) => lot.amount > 0 && lot.atMs < toMs)
      .map((lot) => ({ ...lot, atMs: Math.max(lot.atMs, fromMs) }))
      .filter(({ atMs, expiresAtMs }) => expiresAtMs > atMs)
      .sort(byTime);
    const orders = [...this.#orders.values()].filter(({ atMs }) =>
      this.#isWithin(atMs),
    );
    const slots: TraceSlot[] = recordedSlots(this.merchantId, orders).sort(
      byTime,
    );
    const { merchantId, category } = this;
    return {
      trace: {
        merchants: new Map([
          [merchantId, { kind: 'merchant', merchantId, category }],
        ]),
        lots,
        slots,
      },
      happened: this.#happened(lots, orders),
      ordersWithoutRoom: orders.length - slots.length,
      limitsAt: (atMs) =>
        this.#limits.findLast((one) => one.fromMs <= atMs)?.limits ?? {},
    };
  }

  #happened(
    lots: readonly TraceLot[],
    orders: readonly RecordedOrder[],
  ): Outcome {
    const spent = { live: 0, short_video: 0 };
    let gmvMinor = 0;
    for (const order of orders) {
      spent[order.placement] += order.delivered;
      gmvMinor += order.gmvMinor;
    }
    const granted = lots.reduce((sum, { amount }) => sum + amount, 0);
    const used = spent.live + spent.short_video + this.#expired;
    return { spent, gmvMinor, expired: this.#expired, left: granted - used };
  }

  #changeLots(entry: ToldEntry): void {
    const { cause, occurredAt, recordedAt } = entry;
    for (const { account, lotId, unit, amount } of entry.postings) {
      if (lotId === null || accountClassOf(account) !== 'available') continue;
      const known = this.#lots.get(lotId);
      if (known) known.amount += Number(amount);
      else if ('expiresAt' in cause && cause.expiresAt && unit !== 'CNY')
        this.#lots.set(lotId, {
          kind: 'lot',
          merchantId: this.merchantId,
          lotId,
          unit: unit satisfies SpendableLot['unit'],
          amount: Number(amount),
          atMs: Math.max(occurredAt.getTime(), recordedAt.getTime()),
          expiresAtMs: Date.parse(cause.expiresAt),
        });
    }
  }

  #order(cause: PromotionOrderCause, atMs: number): void {
    const { promotionOrderId, placement, sessionId, videoId } = cause;
    this.#orders.set(promotionOrderId, {
      placement,
      targetId: (sessionId ?? videoId)!,
      atMs,
      slot: cause.decision.slot ?? null,
      ordered: Number(cause.impressions),
      delivered: 0,
      gmvMinor: 0,
      isClosed: false,
    });
  }

  #deliver(
    { promotionOrderId, gmvMinor }: DeliveryCause,
    entry: ToldEntry,
  ): void {
    const order = this.#orders.get(promotionOrderId);
    if (!order) return;
    order.delivered += movedFrom(entry, 'reserved');
    order.gmvMinor += gmvMinor;
    // What orders of before the span use of a lot, no policy may spend.
    if (order.atMs >= this.span.fromMs) return;
    for (const { account, lotId, amount } of entry.postings) {
      const lot = lotId === null ? undefined : this.#lots.get(lotId);
      if (lot && accountClassOf(account) === 'reserved')
        lot.amount += Number(amount);
    }
  }

  #isWithin(atMs: number): boolean {
    return atMs >= this.span.fromMs && atMs < this.span.toMs;
  }
}

function movedFrom({ postings }: ToldEntry, account: string): number {
  return postings
    .filter((line) => accountClassOf(line.account) === account)
    .reduce((sum, { amount }) => sum - Number(amount), 0);
}

function byTime(a: { atMs: number }, b: { atMs: number }): number {
  return a.atMs - b.atMs;
}
