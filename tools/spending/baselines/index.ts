import type { SpendingPolicy } from '@app/promotion';
import { AsSoonAsPossible } from './as-soon-as-possible.js';
import { GreedyOnObservedRate } from './greedy-on-observed-rate.js';
import { LiveFirst } from './live-first.js';
import { Spread } from './spread.js';
import { UsableLots } from './usable-lots.js';

/** What spending is measured against, by the names that reports have for them. */
export const BASELINES = {
  evenSplit: () => new UsableLots(Spread.byTime()),
  asSoonAsPossible: () => new UsableLots(new AsSoonAsPossible()),
  liveFirst: () => new UsableLots(new LiveFirst()),
  proportionalToCapacity: () => new UsableLots(Spread.byCapacity()),
  greedyOnObservedRate: () => new UsableLots(new GreedyOnObservedRate()),
} satisfies Record<string, () => SpendingPolicy>;

export type BaselineName = keyof typeof BASELINES;
