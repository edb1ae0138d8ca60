const MOST_HELD_BACK = 1_000;

/** Passes on what is told in the order of turns, while several go on at a time. */
export class Turns<Item> {
  #current = 0;
  #failure: { error: unknown } | null = null;
  readonly #held = new Map<number, Item[]>();
  readonly #ended = new Set<number>();
  #wakes: (() => void)[] = [];

  /** @param most items that are held back for a turn that has not come, until whoever tells more has to wait */
  constructor(
    private readonly onItem: (item: Item) => void,
    private readonly most = MOST_HELD_BACK,
  ) {}

  tell(turn: number, item: Item): void {
    if (turn === this.#current) return this.onItem(item);
    const held = this.#held.get(turn);
    if (held) held.push(item);
    else this.#held.set(turn, [item]);
  }

  /** Waits where too much is held back of this turn. @throws what another turn failed with */
  async pause(turn: number): Promise<void> {
    while ((this.#held.get(turn)?.length ?? 0) > this.most) {
      this.assertNoneFailed();
      await new Promise<void>((resolve) => this.#wakes.push(resolve));
    }
    this.assertNoneFailed();
  }

  /** Nothing more is told in this turn. */
  end(turn: number): void {
    this.#ended.add(turn);
    while (this.#ended.delete(this.#current)) {
      this.#current += 1;
      const held = this.#held.get(this.#current);
      this.#held.delete(this.#current);
      held?.forEach(this.onItem);
    }
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** @throws what a turn failed with */
  assertNoneFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}
