import type { Unit } from '@app/contracts';
import {
  standingAfter,
  type Entry,
  type EntryDraft,
  type LotStanding,
} from '@app/ledger';
import {
  decideBatch,
  evolve,
  lotsToTakeBack,
  newSharedMemory,
  SpendingPlanner,
  UNKNOWN_MERCHANT,
  type BatchDecision,
  type MerchantPromotion,
  type Planner,
  type PromotionInput,
} from '../src/index.js';

/** A promoter with one shard, its journal, its merchants and what has become of lots in memory. */
export class PromoterInMemory {
  readonly merchants = new Map<string, MerchantPromotion>();
  readonly drafts: EntryDraft[] = [];
  readonly refused: BatchDecision['refused'] = [];
  readonly #lots = new Map<string, LotStanding>();

  constructor(
    private readonly planner: Planner = new SpendingPlanner(newSharedMemory()),
  ) {}

  /** Takes inputs as one batch; gives the entries that they led to. */
  take(...inputs: readonly PromotionInput[]): EntryDraft[] {
    return this.takeBy(this.planner, ...inputs);
  }

  /** {@link take}, planned by another planner. */
  takeBy(planner: Planner, ...inputs: readonly PromotionInput[]): EntryDraft[] {
    // The grants journal has an entry before the promoter reads it.
    for (const input of inputs) if (input.kind === 'entry') this.#grant(input);
    const place = { shard: 0, sequence: BigInt(this.drafts.length) };
    const decision = decideBatch(
      this.merchants,
      inputs,
      place,
      this.#standings(inputs),
      planner,
    );
    for (const [id, merchant] of decision.changed)
      this.merchants.set(id, merchant);
    this.#append(decision.drafts);
    this.refused.push(...decision.refused);
    return decision.drafts;
  }

  /** Another writer appends an entry to the journal. */
  append(draft: EntryDraft): void {
    const merchantId = draft.merchantId!;
    this.merchants.set(merchantId, evolve(this.merchant(merchantId), draft));
    this.#append([draft]);
  }

  /** {@link take}, one by one, in words. */
  hear(...inputs: readonly PromotionInput[]): string[] {
    return inputs.flatMap((input) => this.take(input)).map(inWords);
  }

  merchant(merchantId = 'm1'): MerchantPromotion {
    return this.merchants.get(merchantId) ?? UNKNOWN_MERCHANT;
  }

  /** Grants of a merchant, the newest last. */
  lotsOf(merchantId: string): LotStanding[] {
    return [...this.#lots.values()].filter(
      (lot) => lot.merchantId === merchantId,
    );
  }

  /** What a merchant owes in a unit, from zero on. */
  owedBy(merchantId: string, unit: Unit): bigint {
    return this.lotsOf(merchantId)
      .filter((lot) => lot.unit === unit)
      .reduce((sum, { owed, keptBack }) => sum + owed - keptBack, 0n);
  }

  /** The id of the order placed last. */
  lastOrder(): string {
    const causes = this.drafts.map(({ cause }) => cause);
    const last = causes.findLast(({ type }) => type === 'promotion_ordered');
    if (last?.type !== 'promotion_ordered') throw new Error('no order yet');
    return last.promotionOrderId;
  }

  #grant({ entry }: { entry: Entry }): void {
    const lot = standingOf(entry);
    if (lot) this.#lots.set(lot.lotId, lot);
  }

  #standings(inputs: readonly PromotionInput[]): Map<string, LotStanding> {
    const named = inputs.flatMap((input) =>
      input.kind === 'entry' ? lotsToTakeBack(input.entry) : [],
    );
    return new Map(
      named.flatMap((lotId) => {
        const lot = this.#lots.get(lotId);
        return lot ? [[lotId, lot] as const] : [];
      }),
    );
  }

  #append(drafts: readonly EntryDraft[]): void {
    this.drafts.push(...drafts);
    for (const draft of drafts)
      for (const lotId of new Set(draft.postings.map((line) => line.lotId))) {
        const lot = lotId === null ? undefined : this.#lots.get(lotId);
        if (lot) this.#lots.set(lot.lotId, standingAfter(lot, draft));
      }
  }
}

/** Of the grant that an entry of the grants journal made; null where it made none. */
function standingOf({
  journal,
  shard,
  sequence,
  merchantId,
  postings,
  cause,
}: Entry): LotStanding | null {
  const given = postings.find(({ account }) => account.startsWith('pool:'));
  if (!given || merchantId === null || !('program' in cause)) return null;
  const sum = (name: string) =>
    postings
      .filter(({ account }) => account === name)
      .reduce((total, { amount }) => total + amount, 0n);
  const line = postings.find(({ account }) => account === 'available');
  return {
    lotId: line?.lotId ?? `${journal}-${shard}-${sequence}`,
    merchantId,
    program: cause.program,
    unit: given.unit,
    granted: sum('available'),
    keptBack: sum('owed'),
    available: sum('available'),
    expired: 0n,
    clawedBack: 0n,
    owed: 0n,
  };
}

/** An entry in words, e.g. `order live s1: 500 LIVE_IMP of a`. */
export function inWords({ kind, cause, postings }: EntryDraft): string {
  const amounts = postings
    .filter(({ amount }) => amount > 0n)
    .map(({ amount, unit, lotId }) => `${amount} ${unit} of ${lotId}`)
    .join(', ');
  switch (cause.type) {
    case 'promotion_ordered':
      return `order ${cause.placement} ${cause.sessionId ?? cause.videoId}: ${amounts}`;
    case 'promotion_closed':
      return `release, ${cause.reason}: ${amounts || 'nothing'}`;
    case 'promotion_delivered':
    case 'lot_expired':
      return `${kind}: ${amounts || 'nothing'}`;
    case 'lot_taken_back':
      return `${kind} of ${cause.lotId}: ${
        postings
          .filter(({ amount }) => amount < 0n)
          .map(({ account, unit, amount }) => `${-amount} ${unit} ${account}`)
          .join(', ') || 'nothing'
      }`;
    default:
      return kind;
  }
}
