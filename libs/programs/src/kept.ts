/** More than the days from 2000 to 2100, all that an event can carry. */
const MAX_KEPT = 40_000;

/** Values that are made once and kept, as far as there is room for them. What is asked for again at once takes no look-up. */
export class Kept<Key, Value> {
  readonly #values = new Map<Key, Value>();
  #lastKey: Key | undefined;
  #last: Value | undefined;

  constructor(private readonly make: (key: Key) => Value) {}

  of(key: Key): Value {
    if (key !== this.#lastKey || this.#last === undefined) {
      this.#last = this.#values.get(key) ?? this.#made(key);
      this.#lastKey = key;
    }
    return this.#last;
  }

  #made(key: Key): Value {
    const value = this.make(key);
    if (this.#values.size >= MAX_KEPT) this.#values.clear();
    this.#values.set(key, value);
    return value;
  }
}
