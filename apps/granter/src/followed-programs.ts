import type { Pool } from '@app/ledger/postgres';
import {
  FIRST_PROGRAM_CHANGE,
  programsAfter,
  programSetOf,
  type ProgramChange,
  type ProgramSet,
} from '@app/programs';
import { readProgramChanges } from '@app/programs/postgres';

/** The programs that shards count with. */
export interface ProgramSource {
  /** The programs of a shard that has taken the changes ahead of a position; of none, where it has taken none. */
  setAt(position: bigint | undefined): Promise<ProgramSet>;
  /** With all changes that this process knows. */
  readonly latest: ProgramSet;
}

/** Sets that are kept: shards take a change one after the other, so that for a while there are two. */
const SETS_KEPT = 4;

/** Follows the changes of programs as they are recorded. What it remembers only saves reading. */
export class FollowedPrograms implements ProgramSource {
  #changes: readonly ProgramChange[] = [];
  readonly #sets = new Map<bigint, ProgramSet>();
  #latest = programSetOf(programsAfter([]));

  constructor(private readonly pool: Pool) {}

  get latest(): ProgramSet {
    return this.#latest;
  }

  /** Behind the last change that is known. */
  get position(): bigint {
    return (this.#changes.at(-1)?.sequence ?? FIRST_PROGRAM_CHANGE - 1n) + 1n;
  }

  /**
   * Reads what was recorded since.
   *
   * @returns the changes that are new
   * @throws ProgramFileError where another release has published what this one does not understand; then it knows of
   * none of them
   */
  async refresh(): Promise<readonly ProgramChange[]> {
    const found = await readProgramChanges(this.pool, this.position);
    // Another call may have read them meanwhile.
    const news = found.filter(({ sequence }) => sequence >= this.position);
    if (news.length === 0) return news;
    const changes = [...this.#changes, ...news];
    this.#latest = programSetOf(programsAfter(changes));
    this.#changes = changes;
    this.#keep(this.position, this.#latest);
    return news;
  }

  async setAt(position: bigint = FIRST_PROGRAM_CHANGE): Promise<ProgramSet> {
    const known = this.#sets.get(position);
    if (known) return known;
    // Another process knew more when it had the shard.
    if (position > this.position) await this.refresh();
    if (position > this.position)
      throw new Error(
        `a shard has taken changes of programs up to ${position - 1n}, of which there are ${this.position - 1n}`,
      );
    const ahead = this.#changes.filter(({ sequence }) => sequence < position);
    const set = programSetOf(programsAfter(ahead));
    this.#keep(position, set);
    return set;
  }

  #keep(position: bigint, set: ProgramSet): void {
    this.#sets.set(position, set);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > SETS_KEPT) this.#sets.delete(oldest!);
  }
}
