import type { Caller } from './caller.js';

const TOKENS_MAX = 10_000;
const LENGTH_MAX = 2_048;
/** A key that its issuer withdraws is believed for no longer: what it signed is verified again. */
const KNOWN_FOR_MS = 30_000;

/** Tokens that were verified a moment ago: to check a signature costs more than most calls. */
export class KnownTokens {
  readonly #known = new Map<string, { caller: Caller; untilMs: number }>();

  constructor(private readonly nowMs: () => number) {}

  /** @returns undefined where it has to be verified */
  get(token: string): Caller | undefined {
    const known = this.#known.get(token);
    if (!known) return undefined;
    if (this.nowMs() < known.untilMs) return known.caller;
    this.#known.delete(token);
    return undefined;
  }

  remember(token: string, caller: Caller): void {
    if (token.length > LENGTH_MAX) return;
    const untilMs = Math.min(
      this.nowMs() + KNOWN_FOR_MS,
      caller.tokenExpiresAtMs,
    );
    this.#known.delete(token);
    this.#known.set(token, { caller, untilMs });
    if (this.#known.size <= TOKENS_MAX) return;
    // The first was remembered longest ago.
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}
