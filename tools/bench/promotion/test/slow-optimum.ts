import type { PlannedLot, PlannedSlot } from '../optimum.js';
import { isSpendable } from '../../../spending/spendable.js';

/**
 * The most that any plan earns, in thousandths of a fen, without a linear program. What slots can be given at once makes
 * a polymatroid, so that the greedy algorithm is exact (Edmonds, 1970): impression by impression, the dearest first, each
 * is taken that can be served beside those taken before, if need be from another lot.
 */
export function slowOptimum(
  lots: readonly PlannedLot[],
  slots: readonly PlannedSlot[],
): number {
  const wanted = slots
    .flatMap(({ segments }, slot) =>
      segments.flatMap(({ impressions, gmvMinorPerThousand }) =>
        Array.from({ length: impressions }, () => ({
          slot,
          gmvMinorPerThousand,
        })),
      ),
    )
    .sort((a, b) => b.gmvMinorPerThousand - a.gmvMinorPerThousand);
  const left = lots.map(({ amount }) => amount);
  const given = lots.map(() => slots.map(() => 0));

  return wanted.reduce(
    (earned, { slot, gmvMinorPerThousand }) =>
      serve(slot, new Set()) ? earned + gmvMinorPerThousand : earned,
    0,
  );

  /** Gives one impression to a slot, from a lot that has one left or whose impression elsewhere another lot can serve. */
  function serve(slot: number, tried: Set<number>): boolean {
    for (const [at, lot] of lots.entries()) {
      if (tried.has(at) || !isSpendable(lot, slots[slot]!)) continue;
      tried.add(at);
      const isServed =
        left[at]! > 0 ? (left[at]!--, true) : takeBack(at, tried);
      if (isServed) {
        given[at]![slot]!++;
        return true;
      }
    }
    return false;
  }

  function takeBack(lot: number, tried: Set<number>): boolean {
    for (const [other, amount] of given[lot]!.entries()) {
      if (amount === 0 || !serve(other, tried)) continue;
      given[lot]![other]!--;
      return true;
    }
    return false;
  }
}
