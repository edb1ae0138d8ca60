import { OpenRow } from './open-row.js';
import type { Period } from './period.js';
import type { RowKind } from './program-set.js';
import {
  NO_PROGRESS,
  rowKey,
  type PeriodProgress,
  type ProgressAddress,
} from './progress.js';

/** By merchant and row key (see `rowKey`). */
export type KnownProgress = ReadonlyMap<
  string,
  ReadonlyMap<string, PeriodProgress>
>;

/** The rows of a merchant: those that are known, and over them those that the batch looks at. */
interface MerchantRows {
  merchantId: string;
  known: ReadonlyMap<string, PeriodProgress> | undefined;
  open: Map<string, OpenRow>;
  /** By the place of their kind, those looked at last: most often the next one to be looked at, too. */
  recent: OpenRow[];
}

/** The rows of progress that a batch looks at, opened as it comes to them. */
export class BatchRows {
  readonly #merchants = new Map<string, MerchantRows>();
  readonly #opened: OpenRow[] = [];
  /** An event's goals are of one merchant. */
  #last: MerchantRows | null = null;

  constructor(private readonly known: KnownProgress) {}

  of(merchantId: string, { place, lineage }: RowKind, period: Period): OpenRow {
    const merchant = this.#merchant(merchantId);
    const recent = merchant.recent[place];
    if (recent?.key === period.rowKey) return recent;
    const row =
      merchant.open.get(period.rowKey) ??
      this.#open(
        merchant,
        { merchantId, program: lineage, period: period.key },
        period.rowKey,
      );
    merchant.recent[place] = row;
    return row;
  }

  at(address: ProgressAddress): OpenRow {
    return this.#open(
      this.#merchant(address.merchantId),
      address,
      rowKey(address),
    );
  }

  /** All rows of a merchant, in the order of their keys, so that it does not depend on where they came from. */
  allOf(merchantId: string): OpenRow[] {
    const merchant = this.#merchant(merchantId);
    const keys = new Set([
      ...(merchant.known?.keys() ?? []),
      ...merchant.open.keys(),
    ]);
    return [...keys].sort().map((key) => {
      const [program, period] = key.split('\n') as [string, string];
      return this.#open(merchant, { merchantId, program, period }, key);
    });
  }

  changed(): OpenRow[] {
    return this.#opened.filter(({ isChanged }) => isChanged);
  }

  #merchant(merchantId: string): MerchantRows {
    if (merchantId === this.#last?.merchantId) return this.#last;
    let merchant = this.#merchants.get(merchantId);
    if (!merchant) {
      const known = this.known.get(merchantId);
      merchant = {
        merchantId,
        known,
        open: new Map(),
        recent: [],
      };
      this.#merchants.set(merchantId, merchant);
    }
    this.#last = merchant;
    return merchant;
  }

  #open(
    { known, open }: MerchantRows,
    address: ProgressAddress,
    key: string,
  ): OpenRow {
    let row = open.get(key);
    if (!row) {
      row = new OpenRow(address, key, known?.get(key) ?? NO_PROGRESS);
      open.set(key, row);
      this.#opened.push(row);
    }
    return row;
  }
}
