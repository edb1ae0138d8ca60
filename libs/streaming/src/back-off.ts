const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;

/** Delays that double with each failure in a row, up to 15 seconds. */
export class BackOff {
  #failures = 0;

  nextDelayMs(): number {
    const delayMs = Math.min(
      FIRST_DELAY_MS * 2 ** this.#failures,
      LONGEST_DELAY_MS,
    );
    this.#failures += 1;
    return delayMs;
  }

  reset(): void {
    this.#failures = 0;
  }
}
