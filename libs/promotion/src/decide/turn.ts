import {
  entryId,
  standingAfter,
  type EntryDraft,
  type LotStanding,
} from '@app/ledger';
import { evolve } from '../evolve.js';
import { merchantOf, timeOf, type PromotionInput } from '../input.js';
import type { MerchantPromotion, OpenLot } from '../merchant-promotion.js';
import type { Planner } from '../planning/planner.js';

/** The promotions journal's last entry: the next draft becomes the entry behind it. */
export interface JournalPlace {
  shard: number;
  sequence: bigint;
}

/** Grants that are to be taken back, by their ids: as they are ahead of an input. */
export type LotStandings = ReadonlyMap<string, LotStanding>;

export interface TurnOutcome {
  merchant: MerchantPromotion;
  /** Those that were given, after the input. */
  lots: LotStandings;
  drafts: EntryDraft[];
}

/** One merchant's turn with one input: entries pile up, and the merchant follows them. */
export class Turn {
  readonly #before: MerchantPromotion;
  readonly #drafts: EntryDraft[] = [];
  #merchant: MerchantPromotion;
  #lots: LotStandings;
  #observed = false;

  constructor(
    merchant: MerchantPromotion,
    private readonly input: PromotionInput,
    private readonly place: JournalPlace,
    lots: LotStandings,
    readonly planner: Planner,
  ) {
    this.#lots = lots;
    this.#before = merchant;
    this.#merchant = {
      ...merchant,
      clockMs: Math.max(merchant.clockMs, timeOf(input)),
    };
  }

  /** As it is by now. */
  get merchant(): MerchantPromotion {
    return this.#merchant;
  }

  /** As they are by now. */
  get lots(): LotStandings {
    return this.#lots;
  }

  /** Writes an entry, of the input's own time where none is given. */
  write(
    fact: Pick<EntryDraft, 'kind' | 'postings' | 'cause'> &
      Partial<Pick<EntryDraft, 'occurredAtMs'>>,
  ): void {
    const draft: EntryDraft = {
      occurredAtMs: timeOf(this.input),
      ...fact,
      merchantId: merchantOf(this.input),
    };
    this.#drafts.push(draft);
    this.#merchant = evolve(this.#merchant, draft);
    this.#lots = standingsAfter(this.#lots, draft);
  }

  /** The merchant changes by what no entry of this journal says. */
  observe(merchant: MerchantPromotion): void {
    if (merchant === this.#merchant) return;
    this.#observed = true;
    this.#merchant = merchant;
  }

  /** The id of the entry that is written next. */
  nextEntryId(): string {
    const { shard, sequence } = this.place;
    return entryId(
      'promotions',
      shard,
      sequence + BigInt(this.#drafts.length) + 1n,
    );
  }

  /** @throws Error where the merchant holds nothing of it */
  lot(lotId: string): OpenLot {
    const lot = this.#merchant.lots.find((open) => open.lotId === lotId);
    if (!lot) throw new Error(`lot ${lotId} is reserved for but not there`);
    return lot;
  }

  outcome(): TurnOutcome {
    const idle = !this.#observed && this.#drafts.length === 0;
    return {
      merchant: idle ? this.#before : this.#merchant,
      lots: this.#lots,
      drafts: this.#drafts,
    };
  }
}

/** The same grants after one more entry of this journal. */
function standingsAfter(lots: LotStandings, draft: EntryDraft): LotStandings {
  const moved = new Set(
    draft.postings.flatMap(({ lotId }) =>
      lotId !== null && lots.has(lotId) ? [lotId] : [],
    ),
  );
  if (moved.size === 0) return lots;
  const after = new Map(lots);
  for (const lotId of moved)
    after.set(lotId, standingAfter(lots.get(lotId)!, draft));
  return after;
}
