import { Counter, type Registry } from 'prom-client';
import type { Entry } from '@app/ledger';
import type { GranterWork } from './grant.js';

/** What the granter counts, for operators. */
export class GranterMetrics {
  readonly #events: Counter<'outcome'>;
  readonly #refused: Counter<'reason'>;
  readonly #entries: Counter<'kind'>;
  readonly #unpaid: Counter;

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
      help: 'Rewards that a dry pool could not pay at all',
      registers,
    });
  }

  committed(
    entries: readonly Entry[],
    { accepted, counts }: GranterWork,
  ): void {
    this.#events.inc({ outcome: 'accepted' }, accepted.length);
    this.#events.inc({ outcome: 'duplicate' }, counts.duplicates);
    this.#events.inc({ outcome: 'forwarded' }, counts.forwarded);
    this.#events.inc({ outcome: 'refused' }, counts.refused.length);
    for (const reason of counts.refused) this.#refused.inc({ reason });
    for (const { kind } of entries) this.#entries.inc({ kind });
    this.#unpaid.inc(counts.unpaid);
  }
}
