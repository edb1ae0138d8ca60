import type { ActivityEvent } from '@app/contracts';
import { isOrderEvent, orderKey, type OrderRecord } from './order.js';
import { inWindow, periodKey } from './period.js';
import type { Program } from './program.js';
import { progressKey, type ProgressAddress } from './progress.js';

export interface OrderAddress {
  merchantId: string;
  orderId: string;
}

/** The orders that a batch touches: the first to be loaded for it. */
export function ordersNeeded(events: readonly ActivityEvent[]): OrderAddress[] {
  const needed = new Map<string, OrderAddress>();
  for (const event of events) {
    if (!isOrderEvent(event)) continue;
    const { merchantId } = event;
    const { orderId } = event.data;
    needed.set(orderKey(merchantId, orderId), { merchantId, orderId });
  }
  return [...needed.values()];
}

/**
 * The progress that a batch may move: the second to be loaded, since a refund counts where its order did.
 *
 * @param orders those of {@link ordersNeeded} that are known, by {@link orderKey}
 */
export function progressNeeded(
  programs: readonly Program[],
  events: readonly ActivityEvent[],
  orders: ReadonlyMap<string, OrderRecord>,
): ProgressAddress[] {
  const countedPeriods = programs.map((program) => ({
    program,
    kinds: [...new Set(program.goals.map(({ period }) => period))],
  }));
  const needed = new Map<string, ProgressAddress>();
  const need = (merchantId: string, atMs: number): void => {
    for (const { program, kinds } of countedPeriods) {
      if (!inWindow(program, atMs)) continue;
      for (const kind of kinds) {
        const address = {
          merchantId,
          program: program.program,
          period: periodKey(kind, atMs, program),
        };
        needed.set(progressKey(address), address);
      }
    }
  };
  for (const event of events) {
    if (!isOrderEvent(event)) continue;
    const { merchantId, data } = event;
    const known = orders.get(orderKey(merchantId, data.orderId))?.paid;
    if (known) need(merchantId, known.atMs);
    if (event.type === 'order.paid') need(merchantId, event.occurredAtMs);
  }
  return [...needed.values()];
}
