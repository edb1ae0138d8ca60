import {
  deliveryContract,
  eventBuilders,
  type ActivityEventOf,
  type DeliveryCloudEvent,
  type DeliveryData,
  type PromotionOrderEvent,
} from '@app/contracts';
import { RecentMap } from '@app/streaming';
import { TimeQueue } from '../time-queue.js';
import { planDelivery, type PlannedReport } from './plan-delivery.js';

type Ordered = Extract<PromotionOrderEvent, { type: 'promotion.ordered' }>;
type Cancelled = Extract<PromotionOrderEvent, { type: 'promotion.cancelled' }>;
type CloseReason = DeliveryData<'promotion.closed'>['reason'];

interface OpenOrder {
  promotionOrderId: string;
  merchantId: string;
  orderedAtMs: number;
  /** Key of the session that it is shown in. */
  session: string | null;
  /** What is still to be said, the next thing first; the close is the last. */
  steps: Step[];
}

interface Step {
  dueMs: number;
  event: DeliveryCloudEvent;
}

export interface Due {
  events: DeliveryCloudEvent[];
  /** The orders that end with these events. */
  closedIds: string[];
}

const said = eventBuilders(
  deliveryContract,
  'urn:traffic-reward-ledger:ad-delivery',
);
const REMEMBERED_ORDERS = 100_000;
const REMEMBERED_SESSIONS = 10_000;

/**
 * The promotion orders that are being delivered. Told what was ordered, cancelled and ended, it says what
 * is to be reported by when, on a clock of its own. An event's id and content follow from the order and
 * what ended it, so that whoever is told of an order twice reports nothing new.
 */
export class Deliveries {
  readonly #open = new Map<string, OpenOrder>();
  readonly #queue = new TimeQueue<OpenOrder>();
  readonly #bySession = new Map<string, Set<OpenOrder>>();
  readonly #closed = new RecentMap<true>(REMEMBERED_ORDERS);
  /** When a session ended: an order for it may come later. */
  readonly #endedSessions = new RecentMap<number>(REMEMBERED_SESSIONS);

  constructor(private readonly seed: number) {}

  get openCount(): number {
    return this.#open.size;
  }

  /** When the next event is due; Infinity where none is. */
  get nextDueMs(): number {
    return this.#queue.nextAtMs;
  }

  /** Begins to deliver; answers false where the order is not open after that, having been closed before. */
  order({ merchantId, occurredAtMs, data }: Ordered, nowMs: number): boolean {
    const { promotionOrderId, sessionId } = data;
    if (this.#closed.has(promotionOrderId)) return false;
    if (this.#open.has(promotionOrderId)) return true;
    const order: OpenOrder = {
      promotionOrderId,
      merchantId,
      orderedAtMs: occurredAtMs,
      session:
        sessionId === undefined ? null : sessionKey(merchantId, sessionId),
      steps: [],
    };
    this.#open.set(promotionOrderId, order);
    const endedAtMs =
      order.session === null
        ? undefined
        : this.#endedSessions.get(order.session);
    if (endedAtMs !== undefined) {
      this.#end(order, 'session_ended', endedAtMs, nowMs);
      return true;
    }
    this.#join(order);
    const plan = planDelivery(
      {
        ...data,
        orderedAtMs: occurredAtMs,
        deadlineMs: Date.parse(data.deadline),
      },
      this.seed,
    );
    order.steps = [
      ...plan.reports.flatMap((planned, index) =>
        reportSteps(order, planned, index + 1, nowMs),
      ),
      {
        dueMs: nowMs + plan.close.afterMs,
        event: closeEvent(
          order,
          plan.close.reason,
          occurredAtMs + plan.close.afterMs,
        ),
      },
    ];
    this.#enqueue(order);
    return true;
  }

  cancel({ occurredAtMs, data }: Cancelled, nowMs: number): void {
    const order = this.#open.get(data.promotionOrderId);
    if (order) this.#end(order, 'cancelled', occurredAtMs, nowMs);
  }

  endSession(
    { merchantId, occurredAtMs, data }: ActivityEventOf<'live.ended'>,
    nowMs: number,
  ): void {
    const session = sessionKey(merchantId, data.sessionId);
    this.#endedSessions.set(session, occurredAtMs);
    for (const order of this.#bySession.get(session) ?? [])
      this.#end(order, 'session_ended', occurredAtMs, nowMs);
  }

  /** Takes what is due, at most so many events, each order's in their order. */
  takeDue(nowMs: number, maxEvents: number): Due {
    const due: Due = { events: [], closedIds: [] };
    while (this.#queue.nextAtMs <= nowMs && due.events.length < maxEvents) {
      const { atMs, item: order } = this.#queue.pop();
      const [step] = order.steps;
      // An order that ended early has left its former place in the queue behind.
      if (!step || step.dueMs !== atMs) continue;
      order.steps.shift();
      due.events.push(step.event);
      if (order.steps.length > 0) this.#enqueue(order);
      else {
        this.#leave(order);
        this.#open.delete(order.promotionOrderId);
        this.#closed.set(order.promotionOrderId, true);
        due.closedIds.push(order.promotionOrderId);
      }
    }
    return due;
  }

  /** What was shown by now is reported ahead of the close; what was still to be delivered is dropped. */
  #end(
    order: OpenOrder,
    reason: CloseReason,
    endedAtMs: number,
    nowMs: number,
  ): void {
    const atMs = Math.max(order.orderedAtMs, endedAtMs);
    order.steps = [
      ...order.steps.filter(
        ({ dueMs, event }) =>
          dueMs <= nowMs && event.type === 'promotion.delivered',
      ),
      { dueMs: nowMs, event: closeEvent(order, reason, atMs) },
    ];
    this.#leave(order);
    this.#enqueue(order);
  }

  #enqueue(order: OpenOrder): void {
    this.#queue.push(order.steps[0]!.dueMs, order);
  }

  #join(order: OpenOrder): void {
    if (order.session === null) return;
    const orders = this.#bySession.get(order.session);
    if (orders) orders.add(order);
    else this.#bySession.set(order.session, new Set([order]));
  }

  #leave(order: OpenOrder): void {
    if (order.session === null) return;
    const orders = this.#bySession.get(order.session);
    orders?.delete(order);
    if (orders?.size === 0) this.#bySession.delete(order.session);
  }
}

function sessionKey(merchantId: string, sessionId: string): string {
  return JSON.stringify([merchantId, sessionId]);
}

function reportSteps(
  order: OpenOrder,
  { afterMs, report, isRepeated }: PlannedReport,
  number: number,
  nowMs: number,
): Step[] {
  const { promotionOrderId } = order;
  const step: Step = {
    dueMs: nowMs + afterMs,
    event: said['promotion.delivered']({
      id: `${promotionOrderId}/${number}`,
      merchantId: order.merchantId,
      occurredAtMs: order.orderedAtMs + afterMs,
      data: { promotionOrderId, ...report },
    }),
  };
  return isRepeated ? [step, step] : [step];
}

/** The reason is in the id: an order read again after a restart may end in another way than it did. */
function closeEvent(
  order: OpenOrder,
  reason: CloseReason,
  atMs: number,
): DeliveryCloudEvent {
  const { promotionOrderId, merchantId } = order;
  return said['promotion.closed']({
    id: `${promotionOrderId}/${reason}`,
    merchantId,
    occurredAtMs: atMs,
    data: { promotionOrderId, reason },
  });
}
