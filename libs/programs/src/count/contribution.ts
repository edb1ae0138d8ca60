import type { Channel } from '@app/contracts';
import type { Exact } from '../exact.js';
import type { Metric } from '../program.js';
import type { Occurrence } from '../time/period.js';

/** Metrics that a contribution is to; days on air are made of `liveSeconds`. */
export type ContributedMetric = Exclude<Metric, 'liveDays' | 'liveDayStreak'>;

/** What one order, session, video, product or event adds to a metric, at an instant. */
export interface Contribution extends Occurrence {
  metric: ContributedMetric;
  /** Of `liveSeconds` it is what lies between `atMs` and `untilMs`. */
  amount: Exact;
  /** Of a stream: the first instant behind it. */
  untilMs?: number;
  channel: Channel | null;
}

/** What made a metric fall. */
export type FallReason = 'refund' | 'flag' | 'correction';
