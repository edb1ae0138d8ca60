/** Keeps the largest of any number of items; of two that are as large, the one whose name comes first. */
export class Largest<Item extends { merchantId: string }> {
  readonly #items: Item[] = [];

  /** @param most how many are kept */
  constructor(
    private readonly most: number,
    private readonly sizeOf: (item: Item) => bigint,
  ) {}

  add(item: Item): void {
    const last = this.#items[this.most - 1];
    if (this.most === 0 || (last && !this.#isAhead(item, last))) return;
    const place = this.#items.findIndex((other) => this.#isAhead(item, other));
    this.#items.splice(place < 0 ? this.#items.length : place, 0, item);
    if (this.#items.length > this.most) this.#items.pop();
  }

  /** The largest first. */
  get items(): Item[] {
    return [...this.#items];
  }

  #isAhead(one: Item, other: Item): boolean {
    const size = this.sizeOf(one);
    const otherSize = this.sizeOf(other);
    return size === otherSize
      ? one.merchantId < other.merchantId
      : size > otherSize;
  }
}
