import { OpenRow, type OpenGoal } from './open-row.js';
import type { Period } from '../time/period.js';
import type { HeldGoal } from '../published/program-set.js';
import {
  NO_PROGRESS,
  rowKey,
  type PeriodProgress,
  type ProgressAddress,
} from '../progress.js';

/** By merchant and row key (see `rowKey`). */
export type KnownProgress = ReadonlyMap<
  string,
  ReadonlyMap<string, PeriodProgress>
>;

/** The rows of a merchant: those that are known, and over them those that are open. */
interface MerchantRows {
  merchantId: string;
  known: ReadonlyMap<string, PeriodProgress> | undefined;
  open: Map<string, OpenRow>;
  /** By {@link HeldGoal.place}, where a goal was last: most often where it is next, too. */
  recent: (OpenGoal | undefined)[];
}

/**
 * Rows of progress of one program set, opened as batches come to them: they move in place, and what was known before
 * does not.
 */
export class OpenRows {
  readonly #merchants = new Map<string, MerchantRows>();
  readonly #changed: OpenRow[] = [];
  /** An event's goals are of one merchant. */
  #last: MerchantRows | null = null;

  constructor(private readonly known: KnownProgress) {}

  /** A goal in a period, which begins where it has not moved before. */
  goal(merchantId: string, goal: HeldGoal, period: Period): OpenGoal {
    const { recent } = this.#merchant(merchantId);
    const known = recent[goal.place];
    if (known?.foundBy === period) return known;
    const row = this.of(merchantId, goal.held.lineage, period);
    row.endAt(period.endMs);
    const found = row.goal(goal.goal.goal);
    found.foundBy = period;
    recent[goal.place] = found;
    return found;
  }

  of(merchantId: string, lineage: string, { key, rowKey }: Period): OpenRow {
    const merchant = this.#merchant(merchantId);
    return (
      merchant.open.get(rowKey) ??
      this.#open(
        merchant,
        { merchantId, program: lineage, period: key },
        rowKey,
      )
    );
  }

  /** A row where there is one by now. */
  find(merchantId: string, lineage: string, period: Period): OpenRow | null {
    const { open, known } = this.#merchant(merchantId);
    const { rowKey } = period;
    return open.has(rowKey) || known?.has(rowKey)
      ? this.of(merchantId, lineage, period)
      : null;
  }

  at(address: ProgressAddress): OpenRow {
    const merchant = this.#merchant(address.merchantId);
    const key = rowKey(address);
    return merchant.open.get(key) ?? this.#open(merchant, address, key);
  }

  /** All rows of a merchant, in the order of their keys, so that it does not depend on where they came from. */
  allOf(merchantId: string): OpenRow[] {
    const { known, open } = this.#merchant(merchantId);
    const keys = new Set([...(known?.keys() ?? []), ...open.keys()]);
    return [...keys].sort().map((key) => {
      const [program, period] = key.split('\n') as [string, string];
      return this.at({ merchantId, program, period });
    });
  }

  /** The rows that have changed since this was last asked, in the order in which they first did. */
  takeChanged(): OpenRow[] {
    const changed = this.#changed.splice(0);
    for (const row of changed) row.isChanged = false;
    return changed;
  }

  /** Opens a row anew where it is kept in another form. */
  keep(row: OpenRow, kept: PeriodProgress): OpenRow {
    if (kept === row) return row;
    const merchant = this.#merchant(row.address.merchantId);
    merchant.recent = [];
    return this.#open(merchant, row.address, row.key, kept);
  }

  /** What is known and open by now. */
  all(): KnownProgress {
    const all = new Map<string, Map<string, PeriodProgress>>();
    for (const [merchantId, rows] of this.known)
      all.set(merchantId, new Map(rows));
    for (const [merchantId, { open }] of this.#merchants) {
      const rows = all.get(merchantId) ?? new Map<string, PeriodProgress>();
      for (const [key, row] of open) if (hasBegun(row)) rows.set(key, row);
      if (rows.size > 0) all.set(merchantId, rows);
    }
    return all;
  }

  #merchant(merchantId: string): MerchantRows {
    if (merchantId === this.#last?.merchantId) return this.#last;
    let merchant = this.#merchants.get(merchantId);
    if (!merchant) {
      const known = this.known.get(merchantId);
      merchant = { merchantId, known, open: new Map(), recent: [] };
      this.#merchants.set(merchantId, merchant);
    }
    this.#last = merchant;
    return merchant;
  }

  #open(
    { known, open }: MerchantRows,
    address: ProgressAddress,
    key: string,
    progress = known?.get(key) ?? NO_PROGRESS,
  ): OpenRow {
    const row = new OpenRow(address, key, progress, this.#changed);
    open.set(key, row);
    return row;
  }
}

/** Whether there is anything to keep of a row: what was only looked at is as if it were not there. */
function hasBegun({ goals, granted }: PeriodProgress): boolean {
  return goals.length > 0 || Object.keys(granted).length > 0;
}
