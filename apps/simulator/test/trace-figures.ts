import type { TraceEvent, TraceLot, TraceSlot } from '@app/promotion';

export function slotsOf(events: readonly TraceEvent[]): TraceSlot[] {
  return events.filter((event) => event.kind === 'slot');
}

export function lotsOf(events: readonly TraceEvent[]): TraceLot[] {
  return events.filter((event) => event.kind === 'lot');
}

/** Impressions that slots have room for. */
export function roomOf(slots: readonly TraceSlot[]): number {
  return slots.reduce((sum, { capacity }) => sum + capacity, 0);
}

/** The middle one of numbers, the upper where there are two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** As `Map.groupBy`, which Node 20 has not. */
export function groupBy<T, Key>(
  items: readonly T[],
  keyOf: (item: T) => Key,
): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Variance around the mean of each value's group; without groups, around that of all. */
export function spread(
  values: readonly number[],
  groupOf: (index: number) => string = () => 'all',
): number {
  const groups = groupBy([...values.keys()], groupOf);
  let squares = 0;
  for (const indexes of groups.values()) {
    const mean =
      indexes.reduce((sum, i) => sum + values[i]!, 0) / indexes.length;
    for (const i of indexes) squares += (values[i]! - mean) ** 2;
  }
  return squares / values.length;
}
