import fc from 'fast-check';
import { encodeEntry, type EntryDraft } from '@app/ledger';
import { anyInputs } from '../test/arbitraries.js';
import { oneOrderAPlacement } from '../test/one-order-a-placement.js';
import { PromoterInMemory } from '../test/promoter-in-memory.js';
import { decide } from './decide/decide.js';
import { evolve } from './evolve.js';
import { merchantOf, type PromotionInput } from './input.js';
import { newSharedMemory, SpendingPlanner } from './index.js';
import { merchantFromJson, merchantToJson } from './merchant-promotion.json.js';
import {
  UNKNOWN_MERCHANT,
  type MerchantPromotion,
} from './merchant-promotion.js';

/** As the promoter takes them: each batch by a planner of its own, which knows what those before have learnt. */
function takenIn(batches: readonly PromotionInput[][]): PromoterInMemory {
  const p = new PromoterInMemory();
  let learnt = newSharedMemory();
  for (const batch of batches) {
    const planner = new SpendingPlanner(learnt);
    p.takeBy(planner, ...batch);
    learnt = planner.learnt ?? learnt;
  }
  return p;
}

/** Batches of these lengths, and one of the rest. */
function cut<Item>(items: readonly Item[], lengths: readonly number[]) {
  const rest = [...items];
  return [...lengths.map((length) => rest.splice(0, length)), rest];
}

/** The bytes that the ledger would hash. */
function bytesOf(drafts: readonly EntryDraft[]): string[] {
  const place = { shard: 0, journal: 'promotions' as const, recordedAtMs: 0 };
  return drafts.map((draft, i) =>
    encodeEntry({ ...draft, ...place, sequence: BigInt(i + 1) }).toString(),
  );
}

describe('the same inputs', () => {
  it('give the same entries, byte by byte, in batches cut in any way', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });
    fc.assert(
      fc.property(anyInputs, cuts, (inputs, lengths) => {
        const oneByOne = takenIn(inputs.map((input) => [input]));
        const inBatches = takenIn(cut(inputs, lengths));
        expect(bytesOf(inBatches.drafts)).toEqual(bytesOf(oneByOne.drafts));
        expect(inBatches.merchants).toEqual(oneByOne.merchants);
        expect(inBatches.refused).toEqual(oneByOne.refused);
      }),
    );
  });

  it('change neither the merchants nor the inputs that they are given', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        let merchant = deepFreeze(UNKNOWN_MERCHANT);
        let sequence = 0n;
        for (const input of inputs) {
          const decision = decide(
            merchant,
            deepFreeze(input),
            { shard: 0, sequence },
            new Map(),
            oneOrderAPlacement,
          );
          merchant = deepFreeze(decision.merchant);
          sequence += BigInt(decision.drafts.length);
        }
      }),
    );
  });
});

describe('the journals', () => {
  it('make the lots, the orders and the switch again by evolve alone', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const p = new PromoterInMemory();
        const folded = new Map<string, MerchantPromotion>();
        const fold = (id: string, entry: EntryDraft) =>
          folded.set(id, evolve(folded.get(id) ?? UNKNOWN_MERCHANT, entry));
        for (const input of inputs) {
          const merchantId = merchantOf(input)!;
          if (input.kind === 'entry') fold(merchantId, input.entry);
          for (const draft of p.take(input)) fold(merchantId, draft);
          const other = folded.get(merchantId) ?? UNKNOWN_MERCHANT;
          expect(journaled(other)).toEqual(journaled(p.merchant(merchantId)));
        }
      }),
    );
  });
});

describe('the stored form of a merchant', () => {
  it('comes back as it was, at every step', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const p = new PromoterInMemory();
        for (const input of inputs) {
          p.take(input);
          const merchant = p.merchant(merchantOf(input)!);
          const stored = JSON.stringify(merchantToJson(merchant));
          expect(merchantFromJson(JSON.parse(stored))).toEqual(merchant);
        }
      }),
    );
  });
});

/** What entries say of a merchant. An event of the switch that changes nothing is no entry. */
function journaled({ lots, orders, autoPromotion }: MerchantPromotion) {
  return { lots, orders, autoPromotion: { ...autoPromotion, eventId: null } };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
