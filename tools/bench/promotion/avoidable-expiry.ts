import type { Places } from './by-merchant.js';
import type { Optimizer } from './optimum.js';
import type { Run } from '../../spending/run-policy.js';
import type { Trace } from '../../spending/trace.js';

/**
 * Impressions that expired unused within the trace although slots had room for them: the most of what was left of
 * expired lots that fits into what was left of slots, all else staying as it was.
 */
export function avoidablyExpired(
  trace: Trace,
  merchants: ReadonlyMap<string, Places>,
  {
    leftByLot,
    impressionsBySlot,
  }: Pick<Run, 'leftByLot' | 'impressionsBySlot'>,
  optimizer: Optimizer,
): number {
  const endMs = trace.slots.reduce(
    (latest, { untilMs }) => Math.max(latest, untilMs),
    0,
  );
  let avoidable = 0;
  for (const places of merchants.values()) {
    const lots = places.lots
      .map((place) => ({ ...trace.lots[place]!, amount: leftByLot[place]! }))
      .filter(({ amount, expiresAtMs }) => amount > 0 && expiresAtMs <= endMs);
    if (lots.length === 0) continue;
    const slots = places.slots
      .map((place) => {
        const { placement, atMs, capacity } = trace.slots[place]!;
        const impressions = capacity - impressionsBySlot[place]!;
        // Worth the same everywhere: so the best plan is the one that places the most.
        return {
          placement,
          atMs,
          segments: [{ impressions, gmvMinorPerThousand: 1_000 }],
        };
      })
      .filter(({ segments }) => segments[0]!.impressions > 0);
    avoidable += sum(optimizer.plan(lots, slots));
  }
  return avoidable;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
