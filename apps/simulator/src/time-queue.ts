interface Entry<T> {
  atMs: number;
  /** Keeps those of one time in the order in which they came. */
  serial: number;
  item: T;
}

/** A priority queue by time, a binary heap; what is due at one time leaves in the order in which it came. */
export class TimeQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #serial = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest time in the queue: milliseconds since the epoch; Infinity where it is empty. */
  get nextAtMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  push(atMs: number, item: T): void {
    const entry = { atMs, serial: (this.#serial += 1), item };
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  /** @throws RangeError where the queue is empty */
  pop(): { atMs: number; item: T } {
    const heap = this.#heap;
    const first = heap[0];
    if (!first) throw new RangeError('the queue is empty');
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts an entry where the top was and lets it sink to its place. */
  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!))
        child += 1;
      if (!isBefore(heap[child]!, entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);
}
