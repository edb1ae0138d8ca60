import fc from 'fast-check';
import { UNITS, type Unit } from '@app/contracts';
import {
  entryId,
  move,
  type AccountClass,
  type EntryDraft,
  type EntryKind,
  type Journal,
} from '@app/ledger';
import {
  commitToJournal,
  readJournalHead,
  type Pool,
} from '@app/ledger/postgres';
import { grantOf, NOW_MS } from './entries.js';

export const MERCHANTS = ['m1', 'm2', 'pool:x:available'];
const DAY_MS = 86_400_000;

/** Something to happen; what it refers to is taken modulo what there is. */
type Step =
  | { do: 'grant'; merchant: number; unit: Unit; amount: bigint; days: number }
  | { do: 'reserve' | 'deliver' | 'release' | 'expire'; lot: number }
  | { do: 'switch'; merchant: number };

/** A commit in one of the shards, so many milliseconds after the one ahead, and whether all is sealed then. */
export interface PlannedCommit {
  shard: number;
  journal: Journal;
  afterMs: number;
  steps: Step[];
  seal: boolean;
}

const anyGrant = fc.record({
  do: fc.constant('grant' as const),
  merchant: fc.nat(),
  unit: fc.constantFrom(...UNITS),
  amount: fc.bigInt({ min: 2n, max: 2n ** 40n }),
  days: fc.integer({ min: -2, max: 3 }),
});
const anyUse = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('reserve', 'deliver', 'release', 'expire'),
      lot: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('switch' as const),
      merchant: fc.nat(),
    }),
  },
);

/** Commits in `shardCount` shards, numbered from 0. */
export function anyCommits(shardCount: number): fc.Arbitrary<PlannedCommit[]> {
  const commit = {
    shard: fc.nat({ max: shardCount - 1 }),
    // Often at the same instant as the one ahead.
    afterMs: fc.constantFrom(0, 0, 1, 2, 1_000),
    seal: fc.boolean(),
  };
  return fc.array(
    fc.oneof(
      fc.record({
        ...commit,
        journal: fc.constant('grants' as const),
        steps: fc.array(anyGrant, { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        ...commit,
        journal: fc.constant('promotions' as const),
        steps: fc.array(anyUse, { minLength: 1, maxLength: 6 }),
      }),
    ),
    { minLength: 4, maxLength: 14 },
  );
}

interface LiveLot {
  lotId: string;
  merchantId: string;
  unit: Unit;
  available: bigint;
  reserved: bigint;
}

/** A shard to which planned commits are made, so that nothing falls below zero. */
export class LivingShard {
  readonly #lots: LiveLot[] = [];

  constructor(
    private readonly pool: Pool,
    readonly shard: number,
  ) {}

  async commit({ journal, steps }: PlannedCommit, nowMs: number) {
    const head = await readJournalHead(this.pool, journal, this.shard);
    const granted: LiveLot[] = [];
    const expiries: Date[] = [];
    const drafts = steps.map((step, i) => {
      if (step.do === 'switch') return this.#turnSwitch(step.merchant);
      if (step.do !== 'grant') return this.#use(step.do, step.lot);
      const sequence = head.tip.sequence + BigInt(i) + 1n;
      const lot = {
        lotId: entryId('grants', this.shard, sequence),
        merchantId: merchantOf(step.merchant),
        unit: step.unit,
        available: step.amount,
        reserved: 0n,
      };
      granted.push(lot);
      expiries.push(new Date(NOW_MS + step.days * DAY_MS));
      return {
        ...grantOf(step.amount, lot.merchantId, lot.lotId),
        postings: move(
          step.unit,
          step.amount,
          'pool:ladder',
          'available',
          lot.lotId,
        ),
      };
    });
    await commitToJournal(this.pool, {
      journal,
      shard: this.shard,
      head,
      consumed: { topic: head.revision + 1n },
      drafts,
      nowMs,
      alongside: () => [
        {
          text: `INSERT INTO lot (shard, lot_id, merchant_id, unit, granted, expires_at, program)
           SELECT $1, lot.*, 'ladder'
           FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[]) AS lot`,
          values: [
            this.shard,
            granted.map(({ lotId }) => lotId),
            granted.map(({ merchantId }) => merchantId),
            granted.map(({ unit }) => unit),
            granted.map(({ available }) => available),
            expiries,
          ],
        },
      ],
    });
    this.#lots.push(...granted);
  }

  #turnSwitch(merchant: number): EntryDraft {
    return {
      ...grantOf(1n),
      kind: 'switch_on',
      merchantId: merchantOf(merchant),
      postings: [],
    };
  }

  #use(
    kind: EntryKind & ('reserve' | 'deliver' | 'release' | 'expire'),
    number: number,
  ): EntryDraft {
    const lot = this.#lots[number % this.#lots.length];
    if (!lot) return this.#turnSwitch(number);
    const [from, to] = USES[kind];
    // Half of what there is, or all that is left.
    const amount = lot[from] > 3n ? lot[from] / 2n : lot[from];
    if (amount === 0n) return this.#turnSwitch(number);
    lot[from] -= amount;
    if (to === 'available' || to === 'reserved') lot[to] += amount;
    return {
      ...grantOf(1n),
      kind,
      merchantId: lot.merchantId,
      postings: move(lot.unit, amount, from, to, lot.lotId),
    };
  }
}

const USES = {
  reserve: ['available', 'reserved'],
  deliver: ['reserved', 'spent:live'],
  release: ['reserved', 'available'],
  expire: ['available', 'expired:ladder'],
} as const satisfies Record<string, ['available' | 'reserved', AccountClass]>;

function merchantOf(number: number): string {
  return MERCHANTS[number % MERCHANTS.length]!;
}
