import type { Placement, Unit } from '@app/contracts';
import { cutOfShard, type Cut } from '../../as-of/index.js';
import { trialBalanceAsOf } from '../as-of/trial-balance-as-of.js';
import type { Queryable } from '../queryable.js';
import type { ProgramFunds } from './programs.js';

/** What became of a program's budget in a unit, what was spent of it included. */
export interface SpentFunds extends ProgramFunds {
  /** What was delivered of its lots. */
  spent: bigint;
  /** By placement; those with nothing are left out. */
  spentBy: { placement: Placement; amount: bigint }[];
}

/**
 * What became of a program's budget by unit, as of a cut of all shards; nothing where none was issued by then. What was
 * spent is summed over the program's lots, shard by shard.
 */
export async function programFundsAsOf(
  db: Queryable,
  program: string,
  cut: Cut,
): Promise<SpentFunds[]> {
  const balances = (await trialBalanceAsOf(db, cut)).map((balance) => ({
    ...balance,
    ...accountOf(balance.account),
  }));
  const sum = (unit: Unit, ...classes: string[]) =>
    balances
      .filter(
        (one) =>
          one.program === program &&
          one.unit === unit &&
          classes.includes(one.class),
      )
      .reduce((total, { amount }) => total + amount, 0n);
  const budgets = new Map<Unit, bigint>();
  const spent = new Map<Unit, Map<Placement, bigint>>();
  for (const shard of cut.shards.keys()) {
    const { grants, promotions } = cutOfShard(cut, shard);
    for (const { unit, amount } of await readBudgets(
      db,
      shard,
      program,
      grants,
    ))
      budgets.set(unit, (budgets.get(unit) ?? 0n) + amount);
    for (const { unit, placement, amount } of await readSpent(
      db,
      shard,
      program,
      { grants, promotions },
    )) {
      const of = spent.get(unit) ?? new Map<Placement, bigint>();
      spent.set(unit, of);
      of.set(placement, (of.get(placement) ?? 0n) + amount);
    }
  }
  return [...budgets].sort(byName).map(([unit, budget]) => {
    const left = sum(unit, 'pool', 'leased');
    const spentBy = [...(spent.get(unit) ?? [])]
      .sort(byName)
      .map(([placement, amount]) => ({ placement, amount }));
    return {
      unit,
      budget,
      granted: budget - left,
      spent: spentBy.reduce((total, { amount }) => total + amount, 0n),
      spentBy,
      expired: sum(unit, 'expired'),
      clawedBack: sum(unit, 'clawed_back'),
      left,
    };
  });
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** `leased:<program>.<from>-<to>` is the program's too. */
function accountOf(account: string): { class: string; program: string } {
  const at = account.indexOf(':');
  const name = account.slice(at + 1);
  const of = account.slice(0, at);
  return {
    class: of,
    program: of === 'leased' ? name.replace(/\.\d+-\d+$/, '') : name,
  };
}

async function readBudgets(
  db: Queryable,
  shard: number,
  program: string,
  upTo: bigint,
): Promise<{ unit: Unit; amount: bigint }[]> {
  const { rows } = await db.query<{ unit: Unit; amount: bigint }>({
    name: 'program-budgets',
    text: PROGRAM_BUDGETS,
    values: [shard, program, upTo],
  });
  return rows;
}

/** What finance added or cut since is an adjustment, and of no version. */
export const PROGRAM_BUDGETS = `
  SELECT unit, -sum(amount) AS amount
  FROM (
      SELECT journal, sequence FROM audit.entry
      WHERE shard = $1 AND kind = 'budget' AND program = $2 AND sequence <= $3
      UNION ALL
      SELECT journal, sequence FROM audit.entry
      WHERE shard = $1 AND program = $2 AND program_version IS NULL AND journal = 'grants' AND kind = 'adjustment'
        AND sequence <= $3) AS issued, LATERAL (
      SELECT unit, amount FROM audit.posting AS told
      WHERE told.shard = $1 AND told.journal = issued.journal AND told.sequence = issued.sequence
        AND account = 'issuance' OFFSET 0) AS line
  GROUP BY unit`;

async function readSpent(
  db: Queryable,
  shard: number,
  program: string,
  upTo: { grants: bigint; promotions: bigint },
): Promise<{ unit: Unit; placement: Placement; amount: bigint }[]> {
  const { rows } = await db.query<{
    unit: Unit;
    placement: Placement;
    amount: bigint;
  }>({
    name: 'program-spent',
    text: PROGRAM_SPENT,
    values: [shard, program, upTo.grants, upTo.promotions],
  });
  return rows;
}

/** A lot has the id of the entry that granted it, and an index leads to the entries of a program. */
export const PROGRAM_SPENT = `
  SELECT unit, substr(account, 7) AS placement, sum(amount) AS amount
  FROM (
      SELECT entry_id FROM audit.entry
      WHERE shard = $1 AND program = $2 AND journal = 'grants' AND kind IN ('grant', 'adjustment')
        AND sequence <= $3) AS granting, LATERAL (
      SELECT unit, account, amount FROM audit.posting AS told
      WHERE told.shard = $1 AND told.lot_id = granting.entry_id AND told.journal = 'promotions'
        AND told.sequence <= $4 AND account LIKE 'spent:%' OFFSET 0) AS line
  GROUP BY unit, account`;
