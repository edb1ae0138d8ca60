/** Of one caller: how many requests there were, and when they are counted from none again. */
interface Count {
  requests: number;
  endsAtMs: number;
}

/** Counts requests by key, in windows of time that begin with the first request of each key. */
export class RequestCounts {
  /** Kept for two windows at most: whoever comes again is moved to the newer ones. */
  #older = new Map<string, Count>();
  #newer = new Map<string, Count>();
  #olderForgottenAtMs = -Infinity;

  constructor(
    private readonly windowMs: number,
    private readonly nowMs: () => number,
  ) {}

  /** Counts one request more. */
  count(key: string): Readonly<Count> {
    const nowMs = this.nowMs();
    this.#forget(nowMs);
    let count = this.#newer.get(key);
    if (!count) {
      count = this.#older.get(key) ?? { requests: 0, endsAtMs: -Infinity };
      this.#newer.set(key, count);
    }
    if (count.endsAtMs <= nowMs) {
      count.requests = 0;
      count.endsAtMs = nowMs + this.windowMs;
    }
    count.requests += 1;
    return count;
  }

  get keysKept(): number {
    return this.#older.size + this.#newer.size;
  }

  #forget(nowMs: number): void {
    if (nowMs < this.#olderForgottenAtMs) return;
    this.#olderForgottenAtMs = nowMs + this.windowMs;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
