import type { Places } from './by-merchant.js';
import type { Trace } from '../../spending/trace.js';

const WEEK_MS = 7 * 86_400_000;

/**
 * Which slots begin within seven days of their merchant's first lot or slot, by their place in the trace.
 */
export function firstWeekSlots(
  { lots, slots }: Trace,
  merchants: ReadonlyMap<string, Places>,
): boolean[] {
  const isFirstWeek = slots.map(() => false);
  for (const places of merchants.values()) {
    const firstMs = Math.min(
      lots[places.lots[0] ?? -1]?.atMs ?? Infinity,
      slots[places.slots[0] ?? -1]?.atMs ?? Infinity,
    );
    for (const place of places.slots)
      isFirstWeek[place] = slots[place]!.atMs < firstMs + WEEK_MS;
  }
  return isFirstWeek;
}
