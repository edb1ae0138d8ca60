import type { Channel } from '@app/contracts';
import type { Exact } from '../exact.js';
import type { Metric } from '../program.js';

/** Metrics that a contribution is to; days on air are made of `liveSeconds`. */
export type ContributedMetric = Exclude<Metric, 'liveDays' | 'liveDayStreak'>;

/** What one order, session, video, product or event adds to a metric, at an instant. */
export interface Contribution {
  metric: ContributedMetric;
  /** Of `liveSeconds` it is what lies between `atMs` and `untilMs`. */
  amount: Exact;
  /** Milliseconds since the epoch. */
  atMs: number;
  /** Of a stream: the first instant behind it. */
  untilMs?: number;
  channel: Channel | null;
  sessionId: string | null;
}

/** What made a metric fall. */
export type FallReason = 'refund' | 'flag' | 'correction';
