import type { Placement } from '@app/contracts';
import type { Random } from '../world/random.js';
import type { Span } from './span.js';

/** By what something multiplies a moment; what is not named stays as it is. */
export interface Effect {
  /** How many impressions a target takes; at 0 there is no slot. */
  room?: number;
  /** What impressions bring. */
  rate?: number;
  /** How likely merchants go live. */
  streaming?: number;
}

/** What a moment is like at a placement. It says the same whenever it is asked. */
export type Influence = (
  atMs: number,
  placement: Placement,
) => Effect | undefined;

/** Draws an influence: once for a whole world, or once for each merchant. */
export type InfluenceSource = (random: Random, span: Span) => Influence;

/** All influences at once. */
export function together(
  influences: readonly Influence[],
): (atMs: number, placement: Placement) => Required<Effect> {
  return (atMs, placement) => {
    const whole = { room: 1, rate: 1, streaming: 1 };
    for (const influence of influences) {
      const effect = influence(atMs, placement);
      if (!effect) continue;
      whole.room *= effect.room ?? 1;
      whole.rate *= effect.rate ?? 1;
      whole.streaming *= effect.streaming ?? 1;
    }
    return whole;
  };
}
