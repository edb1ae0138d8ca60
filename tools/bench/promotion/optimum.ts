import highs, { type Highs, type Model } from 'highs';
import type { TraceLot, TraceSlot } from '@app/promotion';
import { isSpendable } from '../../spending/spendable.js';

// Its types take the package for CommonJS, where the function would be a property of what is imported.
const loadHighs = highs as unknown as typeof highs.default;

/** What of a lot counts for what can be done with it. */
export type PlannedLot = Pick<
  TraceLot,
  'unit' | 'atMs' | 'expiresAtMs' | 'amount'
>;
/** What of a slot counts; `segments` are worth no more the later they stand. */
export type PlannedSlot = Pick<TraceSlot, 'placement' | 'atMs' | 'segments'>;

/** Slots that the same lots may be given to: to the plan, one with all of their segments, the best ahead. */
interface Block {
  lots: number[];
  segments: {
    slot: number;
    impressions: number;
    gmvMinorPerThousand: number;
  }[];
}

/** Lots that may be given to the same blocks: to the plan, one. */
interface Supply {
  blocks: number[];
  amount: number;
}

/** Plans a merchant's lots over their slots so that no plan earns more: a linear program, solved with HiGHS. */
export class Optimizer {
  readonly #highs: Highs;
  readonly #model: Model;

  private constructor(highs: Highs) {
    this.#highs = highs;
    // One model for all programs: each is memory of the solver's that the garbage collector does not know.
    this.#model = highs.createModel();
    this.#model.options.set({ output_flag: false });
  }

  static async load(): Promise<Optimizer> {
    return new Optimizer(await loadHighs());
  }

  /** Frees the solver's memory. */
  close(): void {
    this.#model.dispose();
  }

  /** @returns impressions by slot, whole numbers */
  plan(lots: readonly PlannedLot[], slots: readonly PlannedSlot[]): number[] {
    const bySlot = Array.from(slots, () => 0);
    const blocks = inBlocks(lots, slots);
    const given = this.#solve(blocks, suppliesOf(lots, blocks));
    blocks.forEach(({ segments }, at) => {
      let left = given[at]!;
      for (const { slot, impressions } of segments) {
        const filled = Math.min(left, impressions);
        bySlot[slot]! += filled;
        left -= filled;
      }
    });
    return bySlot;
  }

  /**
   * Columns: what each supply gives to each block, then what each segment gets. Rows: no supply gives more than it has;
   * what a block is given, its segments get.
   */
  #solve(blocks: readonly Block[], supplies: readonly Supply[]): number[] {
    if (blocks.length === 0) return [];
    const { infinity, constants } = this.#highs;
    const cost: number[] = [];
    const upper: number[] = [];
    const starts: number[] = [0];
    const rows: number[] = [];
    const values: number[] = [];
    const column = (
      costs: number,
      most: number,
      entries: readonly (readonly [row: number, value: number])[],
    ) => {
      cost.push(costs);
      upper.push(most);
      for (const [row, value] of entries) {
        rows.push(row);
        values.push(value);
      }
      starts.push(rows.length);
    };

    const rowOf = (block: number) => supplies.length + block;
    supplies.forEach((supply, row) => {
      for (const block of supply.blocks)
        column(0, infinity, [
          [row, 1],
          [rowOf(block), 1],
        ]);
    });
    const firstSegments = blocks.map(({ segments }, block) => {
      const first = cost.length;
      for (const { gmvMinorPerThousand, impressions } of segments)
        column(gmvMinorPerThousand / 1_000, impressions, [[rowOf(block), -1]]);
      return first;
    });

    const numRows = supplies.length + blocks.length;
    const numCols = cost.length;
    this.#model.passModel({
      numCols,
      numRows,
      sense: constants.objectiveSense.maximize,
      colCost: cost,
      colLower: new Float64Array(numCols),
      colUpper: upper,
      rowLower: [...supplies.map(() => -infinity), ...blocks.map(() => 0)],
      rowUpper: [
        ...supplies.map(({ amount }) => amount),
        ...blocks.map(() => 0),
      ],
      matrix: {
        format: 'csc',
        numRows,
        numCols,
        starts,
        indices: rows,
        values,
      },
    });
    this.#model.run();
    const status = this.#model.getModelStatus();
    if (status !== constants.modelStatus.optimal)
      throw new Error(`The optimum was not found: HiGHS says ${status}.`);
    const { colValue } = this.#model.getSolution();
    return blocks.map(({ segments }, block) => {
      const first = firstSegments[block]!;
      const got = colValue.slice(first, first + segments.length);
      return Math.round(got.reduce((sum, one) => sum + one, 0));
    });
  }
}

function inBlocks(
  lots: readonly PlannedLot[],
  slots: readonly PlannedSlot[],
): Block[] {
  const blocks = new Map<string, Block>();
  slots.forEach((slot, place) => {
    const usable = lots.flatMap((lot, at) =>
      isSpendable(lot, slot) ? [at] : [],
    );
    if (usable.length === 0) return;
    const key = usable.join();
    let block = blocks.get(key);
    if (!block) blocks.set(key, (block = { lots: usable, segments: [] }));
    for (const segment of slot.segments)
      block.segments.push({ slot: place, ...segment });
  });
  for (const { segments } of blocks.values())
    segments.sort((a, b) => b.gmvMinorPerThousand - a.gmvMinorPerThousand);
  return [...blocks.values()];
}

function suppliesOf(
  lots: readonly PlannedLot[],
  blocks: readonly Block[],
): Supply[] {
  const blocksByLot = lots.map((): number[] => []);
  blocks.forEach((block, at) => {
    for (const lot of block.lots) blocksByLot[lot]!.push(at);
  });
  const supplies = new Map<string, Supply>();
  blocksByLot.forEach((reached, lot) => {
    if (reached.length === 0) return;
    const key = reached.join();
    const { amount } = lots[lot]!;
    const supply = supplies.get(key);
    if (supply) supply.amount += amount;
    else supplies.set(key, { blocks: reached, amount });
  });
  return [...supplies.values()];
}
