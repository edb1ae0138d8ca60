/** Values by name, as they are found and left. */
export interface Register<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): unknown;
}

/** What is known, with changes laid over it: it stays as it was. */
export class Changes<Value> implements Register<Value> {
  readonly made = new Map<string, Value>();

  constructor(private readonly known: ReadonlyMap<string, Value>) {}

  get(name: string): Value | undefined {
    return this.made.get(name) ?? this.known.get(name);
  }

  set(name: string, value: Value): void {
    this.made.set(name, value);
  }
}
