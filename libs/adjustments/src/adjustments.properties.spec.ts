import fc from 'fast-check';
import type { Unit } from '@app/contracts';
import {
  AdjustmentRefused,
  appendToChain,
  assertBalanced,
  decideAdjustment,
  EMPTY_CHAIN,
  settleOwed,
  type Adjustment,
  type EntryDraft,
  type KnownLot,
  type LotStanding,
} from '@app/ledger';
import type { PromotionInput } from '@app/promotion';
import {
  delivered,
  ended,
  granted,
  minute,
  started,
  switchedOn,
  takenBack,
  timePasses,
} from '../../promotion/test/inputs.js';
import { PromoterInMemory } from '../../promotion/test/promoter-in-memory.js';

const UNIT: Unit = 'ANY_IMP';
const POOL = 1_000_000n;

type Step =
  | { kind: 'grant' | 'give'; amount: number; life: number }
  /** Finance takes back, or the granter decides to. */
  | { kind: 'take_back' | 'decide'; lot: number; amount: number }
  | { kind: 'spend'; impressions: number }
  | { kind: 'stream' | 'end' | 'wait'; minutes: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('grant' as const, 'give' as const),
    amount: fc.integer({ min: 1, max: 900 }),
    life: fc.constantFrom(20, 90, 9_000),
  }),
  fc.record({
    kind: fc.constantFrom('take_back' as const, 'decide' as const),
    lot: fc.nat({ max: 5 }),
    amount: fc.integer({ min: 1, max: 900 }),
  }),
  fc.record({
    kind: fc.constant('spend' as const),
    impressions: fc.integer({ min: 1, max: 500 }),
  }),
  fc.record({
    kind: fc.constantFrom('stream' as const, 'end' as const, 'wait' as const),
    minutes: fc.constantFrom(1, 5, 40),
  }),
);

/** One merchant's books, with the granter, the promoter and finance in memory. */
class Books {
  readonly promoter = new PromoterInMemory();
  readonly #entries: EntryDraft[] = [];
  readonly #lots: LotStanding[] = [];
  #minutes = 0;
  #streams = 0;

  take(step: Step): void {
    switch (step.kind) {
      case 'grant':
        return this.#grant(step.amount, step.life);
      case 'give':
        return this.#adjust({
          type: 'give',
          merchantId: 'm1',
          program: 'ladder',
          unit: UNIT,
          amount: BigInt(step.amount),
          expiresAtMs: minute(this.#minutes + step.life),
        });
      case 'take_back': {
        const lot = this.#lots[step.lot];
        if (lot)
          this.#adjust({
            type: 'take_back',
            merchantId: 'm1',
            lotId: lot.lotId,
            amount: BigInt(step.amount),
          });
        return;
      }
      case 'decide': {
        const lot = this.#lots[step.lot];
        if (lot)
          this.#promote(takenBack({ [lot.lotId]: step.amount }, this.#minutes));
        return;
      }
      case 'spend': {
        const [order] = this.promoter.merchant().orders;
        if (order)
          this.#promote(
            delivered(order.promotionOrderId, step.impressions, this.#minutes),
          );
        return;
      }
      default:
        this.#minutes += step.minutes;
        if (step.kind === 'wait')
          return this.#promote(timePasses(this.#minutes));
        if (step.kind === 'end')
          return this.#promote(ended(`s${this.#streams}`, this.#minutes));
        this.#promote(switchedOn(this.#minutes));
        this.#promote(started(`s${++this.#streams}`, this.#minutes));
    }
  }

  /** @param account a class without its detail: `spent` for `spent:live` */
  sum(account: string, lotId?: string): bigint {
    return this.#entries
      .flatMap(({ postings }) => postings)
      .filter(
        (posting) =>
          posting.account.split(':')[0] === account &&
          (lotId === undefined || posting.lotId === lotId),
      )
      .reduce((sum, { amount }) => sum + amount, 0n);
  }

  get lotIds(): string[] {
    return this.#lots.map(({ lotId }) => lotId);
  }

  /** All that came out of the pool for a lot, whether into it or to settle a debt. */
  grantedWith(lotId: string): bigint {
    const { granted, keptBack } = this.#standing(lotId);
    return granted + keptBack;
  }

  #grant(amount: number, life: number): void {
    const lotId = this.#nextLotId();
    const input = granted({
      lotId,
      unit: UNIT,
      amount,
      at: this.#minutes,
      expires: this.#minutes + life,
    });
    const { postings, received } = settleOwed({
      unit: UNIT,
      amount: BigInt(amount),
      from: 'pool:ladder',
      lotId,
      owed: -this.sum('owed'),
    });
    this.#record({ ...input.entry, postings }, received);
  }

  #adjust(adjustment: Adjustment): void {
    const lotId = this.#nextLotId();
    const lot =
      adjustment.type === 'take_back' ? this.#standing(adjustment.lotId) : null;
    const proposal = {
      shard: 0,
      proposalId: 'adj-0-1',
      adjustment,
      reason: 'a correction',
      proposedBy: 'alice',
      proposedAtMs: minute(this.#minutes),
    };
    const approval = {
      approvedBy: 'bob',
      approvedAtMs: minute(this.#minutes),
    };
    const state = {
      pool: POOL + this.sum('pool'),
      owed: -this.sum('owed'),
      payable: 0n,
      lot,
    };
    try {
      const { draft, lot: made } = decideAdjustment(
        proposal,
        approval,
        state,
        lotId,
      );
      this.#record(draft!, made?.granted ?? 0n);
    } catch (error) {
      if (!(error instanceof AdjustmentRefused)) throw error;
    }
  }

  /** An entry of the one journal or of the other, and what the promoter makes of it. */
  #record(draft: EntryDraft, received: bigint): void {
    this.#entries.push(draft);
    const line = draft.postings.find(
      ({ account, lotId }) => account === 'available' && lotId !== null,
    );
    if (draft.postings.some(({ account }) => account.startsWith('clawed_'))) {
      this.promoter.append(draft);
    } else if (line) {
      this.#lots.push({
        ...this.#standing(line.lotId!),
        granted: received,
        keptBack: draft.postings
          .filter(({ account }) => account === 'owed')
          .reduce((sum, { amount }) => sum + amount, 0n),
      });
      const { entries } = appendToChain(
        'grants',
        0,
        EMPTY_CHAIN,
        [draft],
        minute(this.#minutes),
      );
      this.#promote({ kind: 'entry', entry: entries[0]! });
    }
  }

  #promote(...inputs: readonly PromotionInput[]): void {
    this.#entries.push(...this.promoter.take(...inputs));
  }

  #standing(lotId: string): KnownLot {
    const known = this.#lots.find((lot) => lot.lotId === lotId);
    return {
      lotId,
      merchantId: 'm1',
      program: 'ladder',
      unit: UNIT,
      granted: known?.granted ?? 0n,
      keptBack: known?.keptBack ?? 0n,
      available: this.sum('available', lotId),
      expired: this.sum('expired', lotId),
      clawedBack: this.sum('clawed_back', lotId),
      owed: -this.sum('owed', lotId),
      isFollowed: true,
    };
  }

  #nextLotId(): string {
    return `grants-0-${this.#lots.length + 1}`;
  }

  get entries(): readonly EntryDraft[] {
    return this.#entries;
  }
}

describe('whatever is granted, spent, given and taken back', () => {
  /** One thing holds after every step. */
  function always(holds: (books: Books) => void): void {
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 40, size: 'max' }),
        (steps) => {
          const books = new Books();
          for (const step of steps) {
            books.take(step);
            holds(books);
          }
        },
      ),
      { numRuns: 200 },
    );
  }

  it('every entry is balanced', () => {
    always(({ entries }) => entries.forEach(assertBalanced));
  });

  it('what was granted is available, reserved, spent, expired or clawed back, less what is owed', () => {
    always((books) => {
      const owed = -books.sum('owed');
      expect(
        books.sum('available') +
          books.sum('reserved') +
          books.sum('spent') +
          books.sum('expired') +
          books.sum('clawed_back') -
          owed,
      ).toBe(-books.sum('pool'));
    });
  });

  it('nobody owes less than nothing, and nothing that is available is below zero', () => {
    always((books) => {
      expect(books.sum('owed')).toBeLessThanOrEqual(0n);
      expect(books.sum('available')).toBeGreaterThanOrEqual(0n);
      expect(books.sum('reserved')).toBeGreaterThanOrEqual(0n);
    });
  });

  it('no lot is below zero, and the promoter knows what is left of each', () => {
    always((books) => {
      const { lots } = books.promoter.merchant();
      for (const lotId of books.lotIds) {
        const lot = lots.find((open) => open.lotId === lotId);
        expect(books.sum('available', lotId)).toBe(lot?.available ?? 0n);
        expect(books.sum('reserved', lotId)).toBe(lot?.reserved ?? 0n);
        expect(books.sum('clawed_back', lotId)).toBeGreaterThanOrEqual(0n);
      }
    });
  });

  it('nothing is taken back twice', () => {
    always((books) => {
      for (const lotId of books.lotIds) {
        const taken =
          books.sum('clawed_back', lotId) - books.sum('owed', lotId);
        expect(taken).toBeLessThanOrEqual(books.grantedWith(lotId));
      }
    });
  });
});
