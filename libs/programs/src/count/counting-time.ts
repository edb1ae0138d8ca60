/** By what time events are late. */
export interface CountingTime {
  /** What time it is: milliseconds since the epoch. */
  clockMs: number;
  /** From when on activity is kept: milliseconds since the epoch; -Infinity where none is forgotten. */
  keptFromMs: number;
}
