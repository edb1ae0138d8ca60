import type { AutoPromotionLimits } from '@app/contracts';
import {
  firstOf,
  localDay,
  mayBeSpentIn,
  roomUnderLimits,
  totalOf,
  underLimits,
  UNKNOWN_MERCHANT,
  type Allocation,
  type MerchantPromotion,
  type MerchantSlot,
  type SlotOutcome,
  type SpendableLot,
  type SpendingPolicy,
} from '@app/promotion';

/** Keeps what a policy gives one merchant's slots under limits, as the planner does. */
export class UnderLimits implements SpendingPolicy {
  #orderedToday: MerchantPromotion['orderedToday'] = {
    day: null,
    impressions: 0n,
  };
  readonly #givenBySession = new Map<string, bigint>();

  constructor(
    private readonly policy: SpendingPolicy,
    private readonly limitsAt: (atMs: number) => AutoPromotionLimits,
  ) {}

  meet(merchantId: string, category: string): void {
    this.policy.meet(merchantId, category);
  }

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    const { placement, targetId, atMs, capacity } = slot;
    const { most, least } = roomUnderLimits(
      this.#merchant(slot),
      placement,
      targetId,
      atMs,
    );
    const allocations = underLimits(
      this.policy.decide(slot, lots),
      { most: Number(most), least: Number(least) },
      lots.filter(({ unit }) => mayBeSpentIn(unit, placement)),
    );
    // A minimum may be more than there is room for: what does not fit is not delivered.
    const given = firstOf(allocations, capacity);
    this.#note(slot, BigInt(totalOf(given)));
    return given;
  }

  learn(slot: MerchantSlot, outcome: SlotOutcome): void {
    this.policy.learn(slot, outcome);
  }

  #merchant({ targetId, atMs }: MerchantSlot): MerchantPromotion {
    const { autoPromotion } = UNKNOWN_MERCHANT;
    return {
      ...UNKNOWN_MERCHANT,
      autoPromotion: { ...autoPromotion, limits: this.limitsAt(atMs) },
      orderedToday: this.#orderedToday,
      sessions: [
        {
          sessionId: targetId,
          startedAtMs: atMs,
          followers: null,
          givenImpressions: this.#givenBySession.get(targetId) ?? 0n,
          rest: null,
        },
      ],
    };
  }

  #note(
    { placement, targetId, atMs }: MerchantSlot,
    impressions: bigint,
  ): void {
    const day = localDay(atMs);
    const before =
      day === this.#orderedToday.day ? this.#orderedToday.impressions : 0n;
    this.#orderedToday = { day, impressions: before + impressions };
    if (placement === 'live')
      this.#givenBySession.set(
        targetId,
        (this.#givenBySession.get(targetId) ?? 0n) + impressions,
      );
  }
}
