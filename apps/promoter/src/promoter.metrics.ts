import { Counter, type Registry } from 'prom-client';
import type { Entry } from '@app/ledger';
import type { PromoterWork } from './project.js';

/** What the promoter counts, for operators. */
export class PromoterMetrics {
  readonly #entries: Counter<'kind'>;
  readonly #duplicates: Counter;
  readonly #refused: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#entries = new Counter({
      name: 'promoter_entries_total',
      help: 'Entries appended to the promotions journal',
      labelNames: ['kind'],
      registers,
    });
    this.#duplicates = new Counter({
      name: 'promoter_duplicate_events_total',
      help: 'Events that had been taken before',
      registers,
    });
    this.#refused = new Counter({
      name: 'promoter_refused_events_total',
      help: 'Events sent to the dead-letter topic',
      labelNames: ['reason'],
      registers,
    });
  }

  committed(entries: readonly Entry[], { counts }: PromoterWork): void {
    for (const { kind } of entries) this.#entries.inc({ kind });
    this.#duplicates.inc(counts.duplicates);
    for (const [reason, count] of Object.entries(counts.refused))
      this.#refused.inc({ reason }, count);
  }
}
