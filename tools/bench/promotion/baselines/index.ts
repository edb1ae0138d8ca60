import type { SpendingPolicy } from '@app/promotion';
import { AsSoonAsPossible } from './as-soon-as-possible.js';
import { EvenSplit } from './even-split.js';
import { GreedyOnObservedRate } from './greedy-on-observed-rate.js';
import { LiveFirst } from './live-first.js';
import { ProportionalToCapacity } from './proportional-to-capacity.js';

/** What spending is measured against, by the names that reports have for them. */
export const BASELINES = {
  evenSplit: () => new EvenSplit(),
  asSoonAsPossible: () => new AsSoonAsPossible(),
  liveFirst: () => new LiveFirst(),
  proportionalToCapacity: () => new ProportionalToCapacity(),
  greedyOnObservedRate: () => new GreedyOnObservedRate(),
} satisfies Record<string, () => SpendingPolicy>;

export type BaselineName = keyof typeof BASELINES;
