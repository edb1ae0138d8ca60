import {
  mayBeSpentIn,
  type Allocation,
  type MerchantSlot,
  type SlotOutcome,
  type SpendableLot,
  type SpendingPolicy,
} from '@app/promotion';

/** Shows a policy that looks at one slot at a time only those lots that may be given to it. */
export class UsableLots implements SpendingPolicy {
  constructor(private readonly policy: SpendingPolicy) {}

  meet(merchantId: string, category: string): void {
    this.policy.meet(merchantId, category);
  }

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    return this.policy.decide(
      slot,
      lots.filter(({ unit }) => mayBeSpentIn(unit, slot.placement)),
    );
  }

  learn(slot: MerchantSlot, outcome: SlotOutcome): void {
    this.policy.learn(slot, outcome);
  }
}
