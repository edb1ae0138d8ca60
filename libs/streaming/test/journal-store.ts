import type { ChainTip, EntryDraft } from '@app/ledger';
import {
  commitToJournal,
  readEntries,
  readJournalHead,
  type Pool,
} from '@app/ledger/postgres';
import {
  HeadMovedError,
  type Commit,
  type Committed,
  type Decide,
  type Head,
  type ReceivedMessage,
  type ShardStore,
} from '@app/streaming';

const JOURNAL = 'grants';

/** Writes an entry for every message. */
export const enterEach: Decide<
  ReceivedMessage,
  ChainTip,
  null,
  EntryDraft[]
> = ({ messages, nowMs }) => ({
  work: messages.map(({ topic, partition, position }) => ({
    kind: 'switch_on',
    merchantId: 'm1',
    occurredAtMs: nowMs,
    postings: [],
    cause: {
      type: 'auto_promotion_switched',
      enabled: true,
      by: 'm1',
      event: {
        topic,
        partition,
        offset: String(position),
        source: '',
        id: '',
      },
    },
  })),
  publishFirst: [],
});

/** A process's view of the ledger in PostgreSQL, as the apps have it. */
export class JournalStore implements ShardStore<
  ReceivedMessage,
  ChainTip,
  null,
  EntryDraft[]
> {
  /** The commits that the head refused. */
  refusals = 0;

  /** @param beforeCommit awaited when everything is decided and nothing is written */
  constructor(
    private readonly pool: Pool,
    private readonly beforeCommit: () => Promise<void> = () =>
      Promise.resolve(),
  ) {}

  readHead(shard: number): Promise<Head<ChainTip>> {
    return readJournalHead(this.pool, JOURNAL, shard);
  }

  load(): Promise<null> {
    return Promise.resolve(null);
  }

  async commit({
    work,
    ...commit
  }: Commit<ChainTip, EntryDraft[]>): Promise<Committed<ChainTip>> {
    await this.beforeCommit();
    const committed = await commitToJournal(this.pool, {
      ...commit,
      journal: JOURNAL,
      drafts: work,
    });
    if (!committed) {
      this.refusals += 1;
      throw new HeadMovedError(commit.shard);
    }
    return { head: committed.head, publication: null };
  }

  unpublished(): Promise<null> {
    return Promise.resolve(null);
  }

  markPublished(): Promise<void> {
    return Promise.resolve();
  }
}

/** The offsets of the messages that a shard's entries were written for, in order. */
export async function offsetsEntered(
  pool: Pool,
  shard: number,
): Promise<string[]> {
  const entries = await readEntries(pool, JOURNAL, shard, 1n, 10_000);
  return entries.map(({ cause }) => {
    if (cause.type !== 'auto_promotion_switched')
      throw new Error(`an entry of another kind: ${cause.type}`);
    return cause.event.offset;
  });
}
