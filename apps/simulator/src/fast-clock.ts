import type { Clock } from '@app/streaming';

/** A clock that begins at a given moment and runs faster than real time. */
export class FastClock implements Clock {
  // Not the system's clock, which can be set back.
  readonly #startedAt = performance.now();

  /**
   * @param epochMs what it shows when it is made: milliseconds since the epoch
   * @param speed seconds that it shows to pass in a real one
   */
  constructor(
    private readonly epochMs: number,
    private readonly speed: number,
  ) {}

  nowMs(): number {
    const elapsedMs = performance.now() - this.#startedAt;
    return Math.floor(this.epochMs + elapsedMs * this.speed);
  }

  /** Real milliseconds until it shows a moment; 0 where that has passed. */
  realMsUntil(atMs: number): number {
    return Math.max(0, (atMs - this.nowMs()) / this.speed);
  }
}
