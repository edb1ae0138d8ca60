import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Entry } from '@app/ledger';
import type { GranterWork } from './grant.js';

/** Seconds; the platform's figure is of streams that still run when they are given traffic. */
const COLD_START_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What the granter counts, for operators. */
export class GranterMetrics {
  readonly #events: Counter<'outcome'>;
  readonly #refused: Counter<'reason'>;
  readonly #entries: Counter<'kind'>;
  readonly #unpaid: Counter<'because'>;
  readonly #late: Counter;
  readonly #coldStarts: Counter<'program' | 'outcome'>;
  readonly #coldStartSeconds: Histogram<'program'>;
  readonly #slowestColdStart: Gauge<'program'>;
  /** By program. */
  readonly #slowest = new Map<string, number>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#events = new Counter({
      name: 'granter_events_total',
      help: 'Activity events by what became of them',
      labelNames: ['outcome'],
      registers,
    });
    this.#refused = new Counter({
      name: 'granter_refused_events_total',
      help: 'Events sent to the dead-letter topic',
      labelNames: ['reason'],
      registers,
    });
    this.#entries = new Counter({
      name: 'granter_entries_total',
      help: 'Entries appended to the grants journal',
      labelNames: ['kind'],
      registers,
    });
    this.#unpaid = new Counter({
      name: 'granter_unpaid_rewards_total',
      help: 'Rewards of which nothing could be paid, by what left nothing: the pool, or a cap of the merchant',
      labelNames: ['because'],
      registers,
    });
    this.#late = new Counter({
      name: 'granter_late_events_total',
      help: 'Events that came too late to count in a goal; they are kept, and name the goals',
      registers,
    });
    this.#coldStarts = new Counter({
      name: 'granter_cold_starts_total',
      help: 'First streams of merchants in programs that reward them at once, by what became of them',
      labelNames: ['program', 'outcome'],
      registers,
    });
    this.#coldStartSeconds = new Histogram({
      name: 'granter_cold_start_seconds',
      help: 'From when the event that decided a cold start was published to Kafka until its grant was committed',
      labelNames: ['program'],
      buckets: COLD_START_BUCKETS,
      registers,
    });
    this.#slowestColdStart = new Gauge({
      name: 'granter_cold_start_slowest_seconds',
      help: 'The longest of granter_cold_start_seconds',
      labelNames: ['program'],
      registers,
    });
  }

  /** @param atMs when the commit was known to stand: milliseconds since the epoch */
  committed(
    entries: readonly Entry[],
    { accepted, counts }: GranterWork,
    atMs: number,
  ): void {
    this.#events.inc({ outcome: 'accepted' }, accepted.length);
    this.#events.inc({ outcome: 'duplicate' }, counts.duplicates);
    this.#events.inc({ outcome: 'forwarded' }, counts.forwarded);
    this.#events.inc({ outcome: 'refused' }, counts.refused.length);
    for (const reason of counts.refused) this.#refused.inc({ reason });
    for (const { kind } of entries) this.#entries.inc({ kind });
    for (const { because } of counts.unpaid) this.#unpaid.inc({ because });
    this.#late.inc(counts.late);
    for (const { program, outcome, decidedBy } of counts.coldStarts) {
      this.#coldStarts.inc({ program, outcome });
      const message = decidedBy === null ? null : accepted[decidedBy]?.message;
      if (message?.publishedAtMs !== undefined)
        this.#timeColdStart(program, atMs - message.publishedAtMs);
    }
  }

  #timeColdStart(program: string, ms: number): void {
    // Publishers have clocks of their own.
    const seconds = Math.max(ms, 0) / 1_000;
    this.#coldStartSeconds.observe({ program }, seconds);
    const slowest = Math.max(seconds, this.#slowest.get(program) ?? 0);
    this.#slowest.set(program, slowest);
    this.#slowestColdStart.set({ program }, slowest);
  }
}
