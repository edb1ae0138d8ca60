import { TOPICS } from '@app/contracts';
import type { Journal } from '@app/ledger';
import type { Ends } from '../kafka/topic-ends.js';

/** A journal's head in one shard, as it is stored. */
export interface StoredHead {
  shard: number;
  journal: Journal;
  sequence: bigint;
  revision: bigint;
  /** By source, the position of the next message to take. */
  consumed: Readonly<Record<string, number>>;
  recordedAt: Date;
}

export const SERVICES = ['granter', 'promoter'] as const;

export interface SourceLag {
  /** A topic, or the journal `grants`. */
  source: string;
  /** The position of the next message to take. */
  consumed: bigint;
  /** The position that the next message will have. */
  end: bigint;
  lag: bigint;
}

export interface ShardLag {
  service: (typeof SERVICES)[number];
  shard: number;
  journal: Journal;
  sequence: bigint;
  revision: bigint;
  lastCommitAt: Date | null;
  sources: SourceLag[];
}

const FOLLOWED = {
  granter: { journal: 'grants', sources: [TOPICS.activity] },
  promoter: {
    journal: 'promotions',
    sources: ['grants', TOPICS.activity, TOPICS.delivery],
  },
} as const;

/** The topics that lag is about. */
export const FOLLOWED_TOPICS = [TOPICS.activity, TOPICS.delivery] as const;

/** How far each service is behind what it follows, in each shard: by service and shard. Pure. */
export function lagOf(
  shards: readonly number[],
  heads: readonly StoredHead[],
  ends: Ends,
): ShardLag[] {
  const headOf = (journal: Journal, shard: number) =>
    heads.find((head) => head.journal === journal && head.shard === shard);
  return SERVICES.flatMap((service) => {
    const { journal, sources } = FOLLOWED[service];
    return shards.map((shard): ShardLag => {
      const head = headOf(journal, shard);
      const endOf = (source: string) =>
        source === 'grants'
          ? { first: 1n, end: (headOf('grants', shard)?.sequence ?? 0n) + 1n }
          : (ends.get(source)?.get(shard) ?? { first: 0n, end: 0n });
      return {
        service,
        shard,
        journal,
        sequence: head?.sequence ?? 0n,
        revision: head?.revision ?? 0n,
        lastCommitAt: head?.recordedAt ?? null,
        sources: sources.map((source) =>
          behind(source, head?.consumed[source], endOf(source)),
        ),
      };
    });
  });
}

/** What retention has removed is not to be taken any more. */
function behind(
  source: string,
  position: number | undefined,
  { first, end }: { first: bigint; end: bigint },
): SourceLag {
  const stored = BigInt(position ?? 0);
  const consumed = stored > first ? stored : first;
  return { source, consumed, end, lag: end > consumed ? end - consumed : 0n };
}
