import { TOPICS, writeEvent } from '@app/contracts';
import type { ChainTip, Entry } from '@app/ledger';
import {
  addToLotUse,
  binaryArray,
  commitToJournal,
  Quarters,
  readEntries,
  readJournalHead,
  readLotStandings,
  readSeenEvents,
  type Pool,
  type Statement,
} from '@app/ledger/postgres';
import {
  promotionOrderMessage,
  type MerchantPromotion,
  type SharedMemory,
} from '@app/promotion';
import {
  addToResults,
  readDueMerchants,
  readMerchants,
  readSharedMemory,
  saveMerchants,
  saveSharedMemory,
} from '@app/promotion/postgres';
import {
  HeadMovedError,
  RecentMap,
  type Commit,
  type Committed,
  type Head,
  type OutgoingMessage,
  type Publication,
  type ShardStore,
} from '@app/streaming';
import { needsOf } from './needs.js';
import type { PromoterMetrics } from './promoter.metrics.js';
import type {
  PromoterMessage,
  PromoterState,
  PromoterWork,
} from './project.js';

const JOURNAL = 'promotions';
const SOURCE = 'urn:traffic-reward-ledger:promoter';
/** Of a shard: with the usual 64, tens of megabytes in all. */
const MERCHANTS_KNOWN = 200;
/** Entries looked through at a time for what is still to be published. */
const PUBLICATION_PAGE = 1_000;

/** The promoter's shards in PostgreSQL. */
export class PromoterStore implements ShardStore<
  PromoterMessage,
  ChainTip,
  PromoterState,
  PromoterWork
> {
  readonly #quarters: Quarters;
  /** What spending has learnt, by shard, as this process has read or written it since it read the shard's head. */
  readonly #learnt = new Map<number, SharedMemory>();
  /** Merchants, alike. */
  readonly #known = new Map<number, RecentMap<MerchantPromotion>>();

  constructor(
    private readonly pool: Pool,
    private readonly metrics: PromoterMetrics,
  ) {
    this.#quarters = new Quarters(pool);
  }

  readHead(shard: number): Promise<Head<ChainTip>> {
    this.#learnt.delete(shard);
    this.#known.delete(shard);
    return readJournalHead(this.pool, JOURNAL, shard);
  }

  async load(
    shard: number,
    messages: readonly PromoterMessage[],
  ): Promise<PromoterState> {
    const { pool } = this;
    const { merchantIds, toldMs, eventKeys, lotIds } = needsOf(messages);
    const known = this.#knownIn(shard);
    const merchants = new Map<string, MerchantPromotion>();
    for (const merchantId of [...merchantIds, ...toldMs.keys()]) {
      const merchant = known.get(merchantId);
      if (merchant) merchants.set(merchantId, merchant);
    }
    for (const merchantId of merchants.keys()) toldMs.delete(merchantId);
    const [acting, due, lots, learnt, seen] = await Promise.all([
      readMerchants(
        pool,
        shard,
        merchantIds.filter((merchantId) => !merchants.has(merchantId)),
      ),
      readDueMerchants(pool, shard, toldMs),
      readLotStandings(pool, shard, lotIds),
      this.#learnt.get(shard) ?? readSharedMemory(pool, shard),
      readSeenEvents(pool, 'promotion_input', shard, eventKeys),
    ]);
    this.#learnt.set(shard, learnt);
    for (const [merchantId, merchant] of [...due, ...acting]) {
      known.set(merchantId, merchant);
      merchants.set(merchantId, merchant);
    }
    return { merchants, lots, learnt, seen };
  }

  async commit({
    shard,
    head,
    consumed,
    work,
    nowMs,
  }: Commit<ChainTip, PromoterWork>): Promise<Committed<ChainTip>> {
    await this.#quarters.ensure(
      'promotion_input',
      work.taken.map(({ occurredAtMs }) => occurredAtMs),
    );
    const committed = await commitToJournal(this.pool, {
      journal: JOURNAL,
      shard,
      head,
      consumed,
      drafts: work.drafts,
      nowMs,
      tickedAtMs: work.tickedAtMs,
      alongside: (entries) => [
        ...insertTaken(shard, work.taken),
        ...addToLotUse(shard, entries),
        ...addToResults(shard, entries),
        ...saveMerchants(shard, work.changed),
        ...saveSharedMemory(shard, work.learnt),
      ],
    });
    if (!committed) throw new HeadMovedError(shard);
    if (work.learnt) this.#learnt.set(shard, work.learnt);
    const known = this.#knownIn(shard);
    for (const [merchantId, merchant] of work.changed)
      known.set(merchantId, merchant);
    this.metrics.committed(committed.entries, work);
    return {
      head: committed.head,
      publication: publicationOf(committed.entries),
    };
  }

  async unpublished(shard: number): Promise<Publication | null> {
    const published = await this.#publishedThrough(shard);
    const entries = await readEntries(
      this.pool,
      JOURNAL,
      shard,
      published + 1n,
      PUBLICATION_PAGE,
    );
    return entries.length > 0
      ? {
          messages: messagesOf(entries),
          through: entries.at(-1)!.sequence,
        }
      : null;
  }

  async markPublished(shard: number, through: bigint): Promise<void> {
    await this.pool.query({
      name: 'mark-published',
      text: `
        INSERT INTO publication AS known (shard, journal, sequence) VALUES ($1, $2, $3)
        ON CONFLICT (shard, journal) DO UPDATE SET sequence = greatest(known.sequence, excluded.sequence)`,
      values: [shard, JOURNAL, through],
    });
  }

  /** Merchants for whom time alone has something to do by `nowMs`, the longest due first. */
  async readDue(
    shards: readonly number[],
    nowMs: number,
    limit: number,
  ): Promise<{ shard: number; merchantId: string }[]> {
    const { rows } = await this.pool.query<{
      shard: number;
      merchant_id: string;
    }>({
      name: 'read-due',
      text: `
        SELECT shard, merchant_id FROM promotion_state
        WHERE shard = ANY ($1::smallint[]) AND next_due_at <= $2
        ORDER BY next_due_at LIMIT $3`,
      values: [shards, new Date(nowMs), limit],
    });
    return rows.map(({ shard, merchant_id }) => ({
      shard,
      merchantId: merchant_id,
    }));
  }

  #knownIn(shard: number): RecentMap<MerchantPromotion> {
    let known = this.#known.get(shard);
    if (!known) {
      known = new RecentMap(MERCHANTS_KNOWN);
      this.#known.set(shard, known);
    }
    return known;
  }

  async #publishedThrough(shard: number): Promise<bigint> {
    const { rows } = await this.pool.query<{ sequence: bigint }>({
      name: 'read-published',
      text: `SELECT sequence FROM publication WHERE shard = $1 AND journal = $2`,
      values: [shard, JOURNAL],
    });
    return rows[0]?.sequence ?? 0n;
  }
}

function publicationOf(entries: readonly Entry[]): Publication | null {
  const messages = messagesOf(entries);
  // Nothing to say is not worth a write: what lies between is looked through again after a restart.
  return messages.length > 0
    ? { messages, through: entries.at(-1)!.sequence }
    : null;
}

function messagesOf(entries: readonly Entry[]): OutgoingMessage[] {
  return entries.flatMap((entry) => {
    const event = promotionOrderMessage(entry, SOURCE);
    return event ? [{ topic: TOPICS.orders, ...writeEvent(event) }] : [];
  });
}

function insertTaken(shard: number, taken: PromoterWork['taken']): Statement[] {
  if (taken.length === 0) return [];
  return [
    {
      name: 'insert-promotion-inputs',
      text: `
      INSERT INTO promotion_input (shard, event_key, content_hash, occurred_at)
      SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::timestamptz[])`,
      values: [
        shard,
        binaryArray.bytea(taken.map(({ key }) => key)),
        binaryArray.bytea(taken.map(({ hash }) => hash)),
        binaryArray.timestamptz(taken.map(({ occurredAtMs }) => occurredAtMs)),
      ],
    },
  ];
}
