import type { TraceSlot } from '@app/promotion';
import type { Places } from './by-merchant.js';
import { earnedMinor } from '../../spending/earned.js';
import type { Optimizer } from './optimum.js';
import type { Trace } from '../../spending/trace.js';

/** GMV by slot, in fen, not rounded, of the best plans for a whole trace. */
export interface Optima {
  /** Planned with all curves and lots, but without noise; earned with it. */
  informed: Float64Array;
  /** Planned with noise too. */
  hindsight: Float64Array;
}

export function findOptima(
  trace: Trace,
  merchants: ReadonlyMap<string, Places>,
  optimizer: Optimizer,
  onMerchant: (done: number) => void,
): Optima {
  const informed = new Float64Array(trace.slots.length);
  const hindsight = new Float64Array(trace.slots.length);
  let done = 0;
  for (const places of merchants.values()) {
    const lots = places.lots.map((place) => trace.lots[place]!);
    const slots = places.slots.map((place) => trace.slots[place]!);
    const earn = (gmvMinor: Float64Array, plan: readonly number[]) =>
      places.slots.forEach((place, at) => {
        gmvMinor[place] = earnedMinor(slots[at]!, plan[at]!);
      });
    earn(informed, optimizer.plan(lots, slots));
    earn(hindsight, optimizer.plan(lots, slots.map(withNoise)));
    onMerchant(++done);
  }
  return { informed, hindsight };
}

function withNoise({ placement, atMs, segments, noise }: TraceSlot) {
  return {
    placement,
    atMs,
    segments: segments.map(({ impressions, gmvMinorPerThousand }) => ({
      impressions,
      gmvMinorPerThousand: gmvMinorPerThousand * noise,
    })),
  };
}
