export interface PartitionOffset {
  topic: string;
  partition: number;
  offset: string;
}

interface Progress {
  topic: string;
  partition: number;
  /** The offset behind the last message that was taken. */
  next: bigint;
  /** Offsets of messages whose work goes on, by its id. */
  open: Map<string, bigint>;
  committed: bigint | null;
}

/**
 * From where on each partition has to be read again after a restart: from the oldest message whose work was
 * not done.
 */
export class OpenOffsets {
  readonly #partitions = new Map<string, Progress>();
  readonly #whereOpen = new Map<string, Progress>();

  /** A message was taken; with an id, its work goes on until {@link done}. */
  taken(topic: string, partition: number, offset: bigint, id?: string): void {
    const name = `${topic}/${partition}`;
    const progress = this.#partitions.get(name) ?? {
      topic,
      partition,
      next: 0n,
      open: new Map(),
      committed: null,
    };
    this.#partitions.set(name, progress);
    if (offset >= progress.next) progress.next = offset + 1n;
    if (id === undefined || this.#whereOpen.has(id)) return;
    progress.open.set(id, offset);
    this.#whereOpen.set(id, progress);
  }

  done(id: string): void {
    this.#whereOpen.get(id)?.open.delete(id);
    this.#whereOpen.delete(id);
  }

  /** What has changed since it was last {@link committed}. */
  toCommit(): PartitionOffset[] {
    return [...this.#partitions.values()].flatMap((progress) => {
      const { topic, partition, next, open, committed } = progress;
      let offset = next;
      for (const at of open.values()) if (at < offset) offset = at;
      return offset === committed
        ? []
        : [{ topic, partition, offset: String(offset) }];
    });
  }

  committed(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const progress = this.#partitions.get(`${topic}/${partition}`);
      if (progress) progress.committed = BigInt(offset);
    }
  }
}
