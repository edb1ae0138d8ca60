import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { shardOf } from '@app/contracts';
import { entryId, explainedEntry } from '@app/ledger';
import { merchantEntry, next } from '../openapi/fields.js';
import { Entry } from '../read-model/entry.entity.js';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { Posting } from '../read-model/posting.entity.js';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { encodeEntryCursor, type EntryCursor } from './entry-cursor.js';

export const entryPage = z
  .strictObject({
    /** Last recorded first. */
    entries: z.array(merchantEntry),
    next,
  })
  .meta({ id: 'MerchantEntryPage' });
export type EntryPage = z.output<typeof entryPage>;
type EntryAnswer = z.output<typeof merchantEntry>;

export interface EntryQuery {
  merchantId: string;
  limit: number;
  /** Only what comes after it. */
  cursor?: EntryCursor | undefined;
}

@Injectable()
export class EntriesService {
  constructor(
    private readonly reader: LedgerReader,
    @Inject(SHARD_COUNT) private readonly shardCount: number,
  ) {}

  async read(query: EntryQuery, gone: AbortSignal): Promise<EntryPage> {
    const shard = shardOf(query.merchantId, this.shardCount);
    const [entries, postings] = await this.reader.read(async (manager) => {
      // One more than asked for tells whether there is a next page.
      const found = await findEntries(manager, shard, query);
      return [found, await findPostings(manager, shard, found)] as const;
    }, gone);
    const page = entries.slice(0, query.limit);
    return {
      entries: page.map((entry) => toAnswer(entry, postings)),
      next:
        entries.length > page.length ? encodeEntryCursor(page.at(-1)!) : null,
    };
  }
}

function findEntries(
  manager: EntityManager,
  shard: number,
  { merchantId, limit, cursor }: EntryQuery,
): Promise<Entry[]> {
  const query = manager
    .createQueryBuilder(Entry, 'entry')
    .where({ shard, merchantId })
    .orderBy('entry.recordedAt', 'DESC')
    .addOrderBy('entry.journal', 'DESC')
    .addOrderBy('entry.sequence', 'DESC')
    .limit(limit + 1);
  if (cursor)
    query.andWhere(
      '(entry.recordedAt, entry.journal, entry.sequence) < (:recordedAt, :journal, :sequence)',
      cursor,
    );
  return query.getMany();
}

/** The postings of entries, by the entry's id, each entry's in order. */
async function findPostings(
  manager: EntityManager,
  shard: number,
  entries: readonly Entry[],
): Promise<Map<string, Posting[]>> {
  const postings = await manager
    .createQueryBuilder(Posting, 'posting')
    .where({ shard })
    .andWhere(
      `(posting.journal, posting.sequence) IN
        (SELECT * FROM unnest(CAST(:journals AS text[]), CAST(:sequences AS bigint[])))`,
      {
        journals: entries.map(({ journal }) => journal),
        sequences: entries.map(({ sequence }) => sequence),
      },
    )
    .orderBy('posting.line')
    .getMany();
  const byEntry = new Map<string, Posting[]>();
  for (const posting of postings) {
    const id = idOf(posting);
    byEntry.set(id, [...(byEntry.get(id) ?? []), posting]);
  }
  return byEntry;
}

function toAnswer(
  entry: Entry,
  postings: ReadonlyMap<string, readonly Posting[]>,
): EntryAnswer {
  const id = idOf(entry);
  return explainedEntry({
    id,
    journal: entry.journal,
    shard: entry.shard,
    sequence: entry.sequence,
    kind: entry.kind,
    merchantId: entry.merchantId,
    occurredAt: entry.occurredAt,
    recordedAt: entry.recordedAt,
    postings: (postings.get(id) ?? []).map(
      ({ account, unit, amount, lotId }) => ({ account, unit, amount, lotId }),
    ),
    cause: entry.cause,
  });
}

function idOf({
  journal,
  shard,
  sequence,
}: Pick<Entry, 'journal' | 'shard' | 'sequence'>): string {
  return entryId(journal, shard, sequence);
}
