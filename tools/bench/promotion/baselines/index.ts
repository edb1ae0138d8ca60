import type { SpendingPolicy } from '@app/promotion';
import { AsSoonAsPossible } from './as-soon-as-possible.js';
import { GreedyOnObservedRate } from './greedy-on-observed-rate.js';
import { LiveFirst } from './live-first.js';
import { Spread } from './spread.js';

/** What spending is measured against, by the names that reports have for them. */
export const BASELINES = {
  evenSplit: () => Spread.byTime(),
  asSoonAsPossible: () => new AsSoonAsPossible(),
  liveFirst: () => new LiveFirst(),
  proportionalToCapacity: () => Spread.byCapacity(),
  greedyOnObservedRate: () => new GreedyOnObservedRate(),
} satisfies Record<string, () => SpendingPolicy>;

export type BaselineName = keyof typeof BASELINES;
