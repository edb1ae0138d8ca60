import type {
  DeliveryCause,
  EntryDraft,
  PromotionOrderCause,
  SwitchCause,
} from '@app/ledger';
import { localDay } from './local-day.js';
import type {
  AutoPromotion,
  MerchantPromotion,
  OpenLot,
  OpenOrder,
  OrderedToday,
  PlannedSlot,
  RunningSession,
} from './merchant-promotion.js';

/** The merchant after an entry of either journal. */
export function evolve(
  merchant: MerchantPromotion,
  entry: EntryDraft,
): MerchantPromotion {
  const { cause } = entry;
  switch (cause.type) {
    case 'goal_reached':
      return { ...merchant, lots: addLot(merchant.lots, entry, cause) };
    case 'adjusted':
      return {
        ...merchant,
        lots:
          cause.adjustment === 'give'
            ? addLot(merchant.lots, entry, cause)
            : applyToLots(merchant.lots, entry),
      };
    case 'auto_promotion_switched':
      return {
        ...merchant,
        autoPromotion: turnSwitch(merchant.autoPromotion, entry, cause),
      };
    case 'promotion_ordered': {
      const order = openOrder(entry, cause);
      const opened = { ...merchant, orders: [...merchant.orders, order] };
      return reserveFor(opened, order, entry);
    }
    case 'promotion_delivered':
      return {
        ...merchant,
        lots: applyToLots(merchant.lots, entry),
        orders: merchant.orders.map((order) =>
          order.promotionOrderId === cause.promotionOrderId
            ? applyDelivery(order, entry, cause)
            : order,
        ),
      };
    case 'promotion_closed': {
      const order = merchant.orders.find(
        ({ promotionOrderId }) => promotionOrderId === cause.promotionOrderId,
      );
      if (!order) throw new Error(`${cause.promotionOrderId} is not open`);
      const orders = merchant.orders.filter((other) => other !== order);
      return reserveFor({ ...merchant, orders }, order, entry);
    }
    case 'lot_expired':
    case 'lot_taken_back':
      return { ...merchant, lots: applyToLots(merchant.lots, entry) };
    case 'program_published':
    case 'pool_leased':
    // It decides what is to be taken back: an entry of the promotions journal takes it.
    case 'reward_taken_back':
      return merchant;
  }
}

/** A grant makes one lot, or none where it is cash or all of it settled what was owed. */
function addLot(
  lots: readonly OpenLot[],
  { postings }: EntryDraft,
  { program, expiresAt }: { program: string; expiresAt?: string },
): readonly OpenLot[] {
  const granted = postings.find(({ account }) => account === 'available');
  if (!granted && postings.some(({ account }) => isLotless(account)))
    return lots;
  if (!granted?.lotId || expiresAt === undefined)
    throw new Error('a grant makes exactly one lot');
  const lot: OpenLot = {
    lotId: granted.lotId,
    unit: granted.unit,
    program,
    expiresAtMs: Date.parse(expiresAt),
    available: granted.amount,
    reserved: 0n,
  };
  return [...lots, lot].sort(byExpiry);
}

function isLotless(account: string): boolean {
  return account === 'payable' || account === 'owed';
}

function byExpiry(a: OpenLot, b: OpenLot): number {
  return (
    a.expiresAtMs - b.expiresAtMs ||
    (a.lotId < b.lotId ? -1 : a.lotId > b.lotId ? 1 : 0)
  );
}

/** Lots after an entry's postings, those with nothing left dropped. */
function applyToLots(
  lots: readonly OpenLot[],
  { postings }: EntryDraft,
): OpenLot[] {
  const changes = new Map<string, { available: bigint; reserved: bigint }>();
  for (const { account, lotId, amount } of postings) {
    if (lotId === null || (account !== 'available' && account !== 'reserved'))
      continue;
    const change = changes.get(lotId) ?? { available: 0n, reserved: 0n };
    change[account] += amount;
    changes.set(lotId, change);
  }
  return lots
    .map((lot) => {
      const change = changes.get(lot.lotId);
      if (!change) return lot;
      const available = lot.available + change.available;
      const reserved = lot.reserved + change.reserved;
      if (available < 0n || reserved < 0n)
        throw new Error(`lot ${lot.lotId} would fall below zero`);
      return { ...lot, available, reserved };
    })
    .filter(({ available, reserved }) => available > 0n || reserved > 0n);
}

function turnSwitch(
  { sinceMs, limits }: AutoPromotion,
  { occurredAtMs }: EntryDraft,
  cause: SwitchCause,
): AutoPromotion {
  return {
    enabled: cause.enabled,
    sinceMs: cause.onlyLimits ? sinceMs : occurredAtMs,
    eventId: cause.event.id,
    limits: cause.enabled ? (cause.limits ?? {}) : limits,
  };
}

/** Counts what an entry reserves for an order, or, less than nothing, releases of it. */
function reserveFor(
  merchant: MerchantPromotion,
  order: OpenOrder,
  entry: EntryDraft,
): MerchantPromotion {
  const change = entry.postings
    .filter(({ account }) => account === 'reserved')
    .reduce((sum, { amount }) => sum + amount, 0n);
  return {
    ...merchant,
    lots: applyToLots(merchant.lots, entry),
    sessions: giveToSession(merchant.sessions, order, change),
    orderedToday: addToDay(merchant.orderedToday, order, change),
  };
}

function giveToSession(
  sessions: readonly RunningSession[],
  { placement, targetId }: OpenOrder,
  change: bigint,
): readonly RunningSession[] {
  if (placement !== 'live') return sessions;
  return sessions.map((session) =>
    session.sessionId === targetId
      ? { ...session, givenImpressions: session.givenImpressions + change }
      : session,
  );
}

/** An order counts on the day that it was placed, also what is released of it on another. */
function addToDay(
  { day, impressions }: OrderedToday,
  { orderedAtMs }: OpenOrder,
  change: bigint,
): OrderedToday {
  const orderedOn = localDay(orderedAtMs);
  if (orderedOn === day) return { day, impressions: impressions + change };
  const isNewDay = change > 0n && (day === null || orderedOn > day);
  return isNewDay
    ? { day: orderedOn, impressions: change }
    : { day, impressions };
}

function openOrder(entry: EntryDraft, cause: PromotionOrderCause): OpenOrder {
  return {
    promotionOrderId: cause.promotionOrderId,
    placement: cause.placement,
    targetId: (cause.sessionId ?? cause.videoId)!,
    orderedAtMs: entry.occurredAtMs,
    deadlineMs: Date.parse(cause.deadline),
    parts: entry.postings
      .filter(({ account }) => account === 'reserved')
      .map(({ lotId, amount }) => ({ lotId: lotId!, amount })),
    deliveredImpressions: 0n,
    deliveredOrders: 0,
    deliveredGmvMinor: 0,
    slot: plannedSlot(cause.decision),
  };
}

function plannedSlot({
  slot,
}: PromotionOrderCause['decision']): PlannedSlot | null {
  return slot
    ? {
        targetKind: slot.kind,
        ...(slot.clipKind ? { clipKind: slot.clipKind } : {}),
        capacity: Number(slot.capacity),
        untilMs: Date.parse(slot.until),
      }
    : null;
}

function applyDelivery(
  order: OpenOrder,
  { postings }: EntryDraft,
  { orders, gmvMinor }: DeliveryCause,
): OpenOrder {
  const taken = new Map<string, bigint>();
  let delivered = order.deliveredImpressions;
  for (const { account, lotId, amount } of postings) {
    if (account !== 'reserved') continue;
    taken.set(lotId!, -amount);
    delivered -= amount;
  }
  return {
    ...order,
    deliveredImpressions: delivered,
    deliveredOrders: order.deliveredOrders + Number(orders),
    deliveredGmvMinor: order.deliveredGmvMinor + Number(gmvMinor),
    parts: order.parts
      .map(({ lotId, amount }) => ({
        lotId,
        amount: amount - (taken.get(lotId) ?? 0n),
      }))
      .filter(({ amount }) => amount > 0n),
  };
}
