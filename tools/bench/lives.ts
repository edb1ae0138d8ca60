import {
  entryId,
  move,
  type Cause,
  type EntryDraft,
  type EntryKind,
  type NewLot,
  type Posting,
} from '@app/ledger';

export const PROGRAM = 'bench';
/** What a round posts: four grants, an order over the four lots, its delivery and its release. */
export const POSTINGS_A_ROUND = 32;
/** And what it posts later: what is left of each lot expires. */
export const POSTINGS_OF_EXPIRY = 8;
const LOTS_A_ROUND = 4;
/** So many rounds later, what is left of the lots expires. */
const ROUNDS_ALIVE = 5;
const GRANTED = 1_000n;
const LIFETIME_MS = 30 * 86_400_000;

/** A merchant whose lots are granted, spent and expire, round after round. */
export class LivingMerchant {
  /** By round: granted and not spent from yet; and then, until they expire. */
  readonly #fresh: NewLot[][] = [];
  readonly #alive: NewLot[][] = [];

  constructor(readonly merchantId: string) {}

  /** @param place of the first of the entries in the grants journal */
  grant(
    atMs: number,
    { shard, sequence }: { shard: number; sequence: bigint },
  ): { drafts: EntryDraft[]; lots: NewLot[] } {
    const { merchantId } = this;
    const lots = Array.from({ length: LOTS_A_ROUND }, (_, i): NewLot => ({
      lotId: entryId('grants', shard, sequence + BigInt(i)),
      merchantId,
      unit: i % 2 === 0 ? 'ANY_IMP' : 'LIVE_IMP',
      granted: GRANTED,
      expiresAtMs: atMs + LIFETIME_MS,
      program: PROGRAM,
    }));
    this.#fresh.push(lots);
    const drafts = lots.map((lot) =>
      this.#draft(
        'grant',
        atMs,
        move(lot.unit, GRANTED, `pool:${PROGRAM}`, 'available', lot.lotId),
        {
          type: 'goal_reached',
          program: PROGRAM,
          version: 1,
          goal: 'orders',
          tier: 'reached',
          period: 'week:2024-11-11',
          metric: 'orders',
          value: 10,
          threshold: 10,
          promised: Number(GRANTED),
          poolRanDry: false,
          expiresAt: new Date(lot.expiresAtMs).toISOString(),
          events: [eventOf(`order-${lot.lotId}`, shard)],
        },
      ),
    );
    return { drafts, lots };
  }

  /** Spends some of the lots of the next round, and lets the oldest expire. */
  promote(atMs: number, shard: number): EntryDraft[] {
    const lots = this.#fresh.shift()!;
    this.#alive.push(lots);
    const promotionOrderId = `order-of-${lots[0]!.lotId}`;
    const moveEach = (...[amount, from, to]: Move) =>
      lots.flatMap(({ unit, lotId }) => move(unit, amount, from, to, lotId));
    return [
      this.#draft('reserve', atMs, moveEach(600n, 'available', 'reserved'), {
        type: 'promotion_ordered',
        promotionOrderId,
        placement: 'live',
        sessionId: `session-${promotionOrderId}`,
        impressions: 600 * lots.length,
        deadline: new Date(atMs + 3_600_000).toISOString(),
        decision: { policy: 'first-expiring-first', spendable: 4_000 },
      }),
      this.#draft('deliver', atMs, moveEach(400n, 'reserved', 'spent:live'), {
        type: 'promotion_delivered',
        promotionOrderId,
        reportedImpressions: 400 * lots.length,
        clicks: 40,
        orders: 2,
        gmvMinor: 19_800,
        event: eventOf(`delivered-${promotionOrderId}`, shard),
      }),
      this.#draft('release', atMs, moveEach(200n, 'reserved', 'available'), {
        type: 'promotion_closed',
        promotionOrderId,
        reason: 'completed',
        event: eventOf(`closed-${promotionOrderId}`, shard),
      }),
      ...this.#expire(atMs),
    ];
  }

  #expire(atMs: number): EntryDraft[] {
    if (this.#alive.length <= ROUNDS_ALIVE) return [];
    return this.#alive.shift()!.map(({ unit, lotId, expiresAtMs }) =>
      this.#draft(
        'expire',
        atMs,
        move(unit, 600n, 'available', `expired:${PROGRAM}`, lotId),
        {
          type: 'lot_expired',
          lotId,
          program: PROGRAM,
          expiresAt: new Date(expiresAtMs).toISOString(),
        },
      ),
    );
  }

  #draft(
    kind: EntryKind,
    occurredAtMs: number,
    postings: readonly Posting[],
    cause: Cause,
  ): EntryDraft {
    const { merchantId } = this;
    return { kind, merchantId, occurredAtMs, postings, cause };
  }
}

type Move = [
  amount: bigint,
  from: 'available' | 'reserved',
  to: 'available' | 'reserved' | 'spent:live',
];

/** The program's budget in a shard: enough for so many rounds. */
export function budget(rounds: number, atMs: number): EntryDraft {
  const amount = GRANTED * BigInt(LOTS_A_ROUND * rounds);
  return {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: atMs,
    postings: [
      ...move('ANY_IMP', amount, 'issuance', `pool:${PROGRAM}`),
      ...move('LIVE_IMP', amount, 'issuance', `pool:${PROGRAM}`),
    ],
    cause: {
      type: 'program_published',
      program: PROGRAM,
      version: 1,
      programHash: '00',
    },
  };
}

function eventOf(id: string, partition: number) {
  return {
    topic: 'merchant.activity.v1',
    partition,
    offset: '1',
    source: 'urn:bench',
    id,
  };
}
