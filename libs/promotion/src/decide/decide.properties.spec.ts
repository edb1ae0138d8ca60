import fc from 'fast-check';
import {
  assertBalanced,
  leftToTakeBack,
  type EntryDraft,
  type LotStanding,
} from '@app/ledger';
import { anyInputs } from '../../test/arbitraries.js';
import { PromoterInMemory } from '../../test/promoter-in-memory.js';
import { held, Wallet } from '../../test/wallet.js';
import { nextPlanMs } from '../planning/index.js';
import { nextDueMs } from './passing-time.js';
import {
  lotsToTakeBack,
  merchantOf,
  timeOf,
  type PromotionInput,
} from '../input.js';
import type { MerchantPromotion } from '../merchant-promotion.js';

/** The most that any of the merchants asks for as a minimum for a session. */
const LARGEST_MINIMUM = 22_000;

interface Step {
  input: PromotionInput;
  drafts: EntryDraft[];
  /** The merchant after the input. */
  merchant: MerchantPromotion;
  merchantId: string;
  promoter: PromoterInMemory;
  /** The merchant's grants ahead of the input. */
  before: LotStanding[];
}

/** Whatever happens to merchants, one thing holds at every step. */
function always(holds: (step: Step) => void, begin?: () => void): void {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      begin?.();
      const p = new PromoterInMemory();
      for (const input of inputs) {
        const merchantId = merchantOf(input)!;
        const before = p.lotsOf(merchantId);
        const drafts = p.take(input);
        const merchant = p.merchant(merchantId);
        holds({ input, drafts, merchant, merchantId, promoter: p, before });
      }
    }),
    { numRuns: 300 },
  );
}

describe('whatever happens to merchants', () => {
  it('every entry is balanced and theirs', () => {
    always(({ drafts, merchantId }) => {
      for (const draft of drafts) {
        assertBalanced(draft);
        expect(draft.merchantId).toBe(merchantId);
      }
    });
  });

  it('what was granted is available, reserved, spent, expired or clawed back, less what is owed', () => {
    let wallets = new Map<string, Wallet>();
    always(
      ({ input, drafts, merchant, merchantId }) => {
        const wallet = wallets.get(merchantId) ?? new Wallet();
        wallets.set(merchantId, wallet);
        if (input.kind === 'entry') wallet.add(input.entry);
        for (const draft of drafts) wallet.add(draft);
        for (const unit of wallet.units) {
          const { available, reserved } = held(merchant, unit);
          expect(wallet.sum('available', unit)).toBe(available);
          expect(wallet.sum('reserved', unit)).toBe(reserved);
          const spent = wallet.sum('spent', unit);
          const expired = wallet.sum('expired', unit);
          const clawedBack = wallet.sum('clawed_back', unit);
          const owed = -wallet.sum('owed', unit);
          const granted = -wallet.sum('pool', unit);
          expect(
            available + reserved + spent + expired + clawedBack - owed,
          ).toBe(granted);
          expect(owed).toBeGreaterThanOrEqual(0n);
        }
      },
      () => (wallets = new Map()),
    );
  });

  it('what is taken back of a grant is no more than it was, and nothing that expired', () => {
    always(({ promoter, merchantId }) => {
      for (const lot of promoter.lotsOf(merchantId)) {
        const taken = lot.clawedBack + lot.owed;
        const granted = lot.granted + lot.keptBack;
        expect(taken).toBeLessThanOrEqual(granted);
        expect(lot.available).toBeGreaterThanOrEqual(0n);
        expect(
          lot.clawedBack + lot.expired + lot.available,
        ).toBeLessThanOrEqual(lot.granted);
      }
    });
  });

  it('every decision to take a lot back is carried out at once, as far as something is left', () => {
    always(({ input, drafts, before }) => {
      if (input.kind !== 'entry') return;
      const done = drafts.filter(({ kind }) => kind === 'clawback');
      expect(
        done.map(({ cause }) => cause.type === 'lot_taken_back' && cause.lotId),
      ).toEqual(lotsToTakeBack(input.entry));
      for (const { cause, postings } of done) {
        if (cause.type !== 'lot_taken_back') continue;
        const lot = before.find(({ lotId }) => lotId === cause.lotId)!;
        // Something may expire ahead of it.
        const left = leftToTakeBack(lot);
        const asked = BigInt(cause.asked);
        const taken = postings
          .filter(({ amount }) => amount > 0n)
          .reduce((sum, { amount }) => sum + amount, 0n);
        expect(taken).toBeLessThanOrEqual(asked < left ? asked : left);
        if (!drafts.some(({ kind }) => kind === 'expire'))
          expect(taken).toBe(asked < left ? asked : left);
      }
    });
  });

  it('no lot falls below zero, and none is kept that holds nothing', () => {
    always(({ merchant }) => {
      for (const { available, reserved } of merchant.lots) {
        expect(available).toBeGreaterThanOrEqual(0n);
        expect(reserved).toBeGreaterThanOrEqual(0n);
        expect(available + reserved).toBeGreaterThan(0n);
      }
    });
  });

  it('nothing is reserved or ordered while the switch is off', () => {
    let on = new Set<string>();
    always(
      ({ drafts, merchant, merchantId }) => {
        for (const { cause } of drafts) {
          if (cause.type === 'auto_promotion_switched') {
            if (cause.enabled) on.add(merchantId);
            else on.delete(merchantId);
          }
          if (cause.type === 'promotion_ordered')
            expect(on).toContain(merchantId);
        }
        expect(merchant.autoPromotion.enabled).toBe(on.has(merchantId));
        if (on.has(merchantId)) return;
        expect(merchant.orders).toEqual([]);
        expect(merchant.lots.every(({ reserved }) => reserved === 0n)).toBe(
          true,
        );
      },
      () => (on = new Set()),
    );
  });

  it('a target has one open order at most, for what its slot takes or the minimum at most', () => {
    always(({ merchant: { orders } }) => {
      const targets = orders.map(({ targetId }) => targetId);
      expect(new Set(targets)).toHaveLength(targets.length);
      for (const { parts, slot } of orders) {
        const open = parts.reduce((sum, { amount }) => sum + amount, 0n);
        const most = Math.max(slot!.capacity, LARGEST_MINIMUM);
        expect(open).toBeLessThanOrEqual(BigInt(most));
      }
    });
  });

  it('what is reserved is reserved for the open orders', () => {
    always(({ merchant: { lots, orders } }) => {
      const parts = orders.flatMap(({ parts }) => parts);
      for (const { lotId, reserved } of lots) {
        const own = parts.filter((part) => part.lotId === lotId);
        expect(own.reduce((sum, { amount }) => sum + amount, 0n)).toBe(
          reserved,
        );
      }
      expect(
        parts.every(({ lotId }) => lots.some((lot) => lot.lotId === lotId)),
      ).toBe(true);
    });
  });

  it('an order is made up of fitting units of unexpired lots, and ends before these', () => {
    const fitting = {
      live: ['LIVE_IMP', 'ANY_IMP'],
      short_video: ['VIDEO_IMP', 'ANY_IMP'],
    };
    always(({ drafts, merchant }) => {
      for (const { kind, cause, postings } of drafts) {
        if (cause.type !== 'promotion_ordered') continue;
        const deadlineMs = Date.parse(cause.deadline);
        expect(kind).toBe('reserve');
        expect(deadlineMs).toBeGreaterThan(merchant.clockMs);
        for (const { lotId, unit } of postings) {
          const lot = merchant.lots.find((lot) => lot.lotId === lotId);
          expect(fitting[cause.placement]).toContain(unit);
          expect(lot?.expiresAtMs).toBeGreaterThanOrEqual(deadlineMs);
        }
      }
    });
  });

  it('nothing stays reserved of a lot that has expired', () => {
    always(({ merchant: { lots, clockMs } }) => {
      for (const { expiresAtMs, reserved } of lots)
        if (expiresAtMs <= clockMs) expect(reserved).toBe(0n);
    });
  });

  it('everything is released in the end, if only time passes', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const p = new PromoterInMemory();
        for (const input of inputs) p.take(input);
        for (const merchantId of p.merchants.keys()) {
          for (
            let steps = 0;
            nextDueMs(p.merchant(merchantId), { nextPlanMs });
            steps++
          ) {
            // Eight streams may have a slot each half hour for as long as a lot lives, none of them at the same time.
            expect(steps).toBeLessThan(10_000);
            const atMs = nextDueMs(p.merchant(merchantId), { nextPlanMs })!;
            p.take({ kind: 'time', merchantId, atMs });
          }
          const { orders, lots } = p.merchant(merchantId);
          expect({ orders, lots }).toEqual({ orders: [], lots: [] });
        }
      }),
    );
  });

  it('a report spends what it reports and was still reserved, no more', () => {
    let reserved = new Map<string, bigint>();
    always(
      ({ drafts }) => {
        for (const { cause, postings } of drafts) {
          if (!('promotionOrderId' in cause)) continue;
          const { promotionOrderId } = cause;
          const before = reserved.get(promotionOrderId) ?? 0n;
          const change = postings
            .filter(({ account }) => account === 'reserved')
            .reduce((sum, { amount }) => sum + amount, 0n);
          reserved.set(promotionOrderId, before + change);
          if (cause.type === 'promotion_delivered') {
            const reported = BigInt(cause.reportedImpressions);
            expect(-change).toBe(reported < before ? reported : before);
          }
          if (cause.type === 'promotion_closed') expect(change).toBe(-before);
        }
      },
      () => (reserved = new Map()),
    );
  });

  it('time does what is due, and then nothing is due any more', () => {
    always(({ input, drafts, merchant }) => {
      const dueMs = nextDueMs(merchant, { nextPlanMs });
      expect(dueMs === null || dueMs > merchant.clockMs).toBe(true);
      if (input.kind === 'time')
        expect(dueMs === null || dueMs > timeOf(input)).toBe(true);
      if (drafts.length > 0)
        expect(merchant.clockMs).toBeGreaterThanOrEqual(timeOf(input));
    });
  });
});
