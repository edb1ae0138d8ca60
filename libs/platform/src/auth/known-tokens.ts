import type { Caller } from './caller.js';

const TOKENS_MAX = 10_000;
const LENGTH_MAX = 2_048;
/** A key that its issuer withdraws is believed for no longer: what it signed is looked at again. */
const ASSURED_FOR_MS = 30_000;

/** A token that was verified. */
export interface KnownToken<Signature> {
  caller: Caller;
  /** What it was verified with. */
  signature: Signature;
  /** Whether that was a moment ago. */
  isAssured: boolean;
}

/** Tokens that were verified already: to check a signature costs more than most calls. */
export class KnownTokens<Signature> {
  readonly #known = new Map<
    string,
    Omit<KnownToken<Signature>, 'isAssured'> & { assuredUntilMs: number }
  >();

  constructor(private readonly nowMs: () => number) {}

  /** @returns undefined where it has to be verified; never behind its end */
  get(token: string): KnownToken<Signature> | undefined {
    const known = this.#known.get(token);
    if (!known) return undefined;
    const { caller, signature, assuredUntilMs } = known;
    const nowMs = this.nowMs();
    if (nowMs < caller.tokenExpiresAtMs)
      return { caller, signature, isAssured: nowMs < assuredUntilMs };
    this.#known.delete(token);
    return undefined;
  }

  /** From now on, or once more. */
  remember(token: string, caller: Caller, signature: Signature): void {
    if (token.length > LENGTH_MAX) return;
    this.#known.delete(token);
    this.#known.set(token, {
      caller,
      signature,
      assuredUntilMs: this.nowMs() + ASSURED_FOR_MS,
    });
    if (this.#known.size <= TOKENS_MAX) return;
    // The first was remembered longest ago.
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}
