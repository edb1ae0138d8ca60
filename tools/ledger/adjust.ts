import type { Unit } from '@app/contracts';
import type { Finance, Proposal, ProposalPart } from '@app/adjustments';
import type { Adjustment, StoredPosting } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import { UsageError, UserError } from '../support/cli.js';

const NUMBER = new Intl.NumberFormat('en-US');
const DAY_MS = 86_400_000;
/** Of the latest. */
const LISTED_MAX = 100;
/** A spread budget has an entry for each shard: told are the first. */
const ENTRIES_TOLD = 5;

/** A change as it is asked for on the command line. */
export type ProposedChange =
  | ({
      type: 'give';
      merchantId: string;
      program: string;
      unit: Unit;
      amount: bigint;
    } & ({ expiresAtMs: number } | { expiresInDays: number }))
  | { type: 'take-back'; lotId: string; amount: bigint }
  | {
      type: 'budget';
      program: string;
      unit: Unit;
      amount: bigint;
      shard: number | null;
    }
  | { type: 'cash'; merchantId: string; program: string; amount: bigint }
  | { type: 'pay-out'; merchantId: string; amount: bigint };

export type AdjustRequest =
  | { what: 'propose'; change: ProposedChange; by: string; reason: string }
  | { what: 'approve'; id: string; by: string }
  | { what: 'reject'; id: string; by: string; reason: string }
  | { what: 'list'; all: boolean }
  | { what: 'show'; id: string };

/**
 * Proposes, decides on or shows adjustments, and prints the result.
 *
 * @throws UserError where it is refused, or the ledger cannot be reached
 */
export async function adjust(
  databaseUrl: string,
  request: AdjustRequest,
  asJson: boolean,
): Promise<void> {
  // Loaded late: it takes a while to load, and wrong arguments are told without it.
  const { createPool, readShardCount, ROLES } =
    await import('@app/ledger/postgres');
  const { AdjustmentRefused } = await import('@app/ledger');
  const pool = createPool(databaseUrl, {
    applicationName: 'ledger-adjust',
    maxConnections: 2,
    role: ROLES.adjuster,
  });
  try {
    const shardCount = await readShardCount(pool).catch((error: unknown) => {
      throw new UserError(
        `The ledger cannot be reached (${describeError(error)}): run npm start first, or set DATABASE_URL.`,
      );
    });
    const finance = { pool, shardCount, nowMs: () => Date.now() };
    const proposals = await carryOut(finance, request);
    process.stdout.write(
      asJson
        ? `${JSON.stringify(request.what === 'list' ? proposals.map(toJson) : toJson(proposals[0]!), null, 2)}\n`
        : await told(pool, request, proposals),
    );
  } catch (error) {
    if (error instanceof AdjustmentRefused)
      throw new UserError(`Refused: ${error.message}.`);
    throw error;
  } finally {
    await pool.end();
  }
}

async function carryOut(
  finance: Finance,
  request: AdjustRequest,
): Promise<Proposal[]> {
  const { approve, listProposals, propose, readProposal, reject } =
    await import('@app/adjustments');
  switch (request.what) {
    case 'propose': {
      const { change, by, reason } = request;
      const shard = change.type === 'budget' ? change.shard : null;
      if (shard !== null && shard >= finance.shardCount)
        throw new UsageError(
          `--shard is "${shard}": this ledger has shards from 0 to ${finance.shardCount - 1}.`,
        );
      const adjustment = await toAdjustment(finance, change);
      return [await propose(finance, { adjustment, shard, reason, by })];
    }
    case 'approve':
      return [await approve(finance, request.id, request.by)];
    case 'reject':
      return [await reject(finance, request.id, request)];
    case 'list':
      return listProposals(finance, {
        onlyOpen: !request.all,
        limit: LISTED_MAX,
      });
    case 'show':
      return [await readProposal(finance, request.id)];
  }
}

async function toAdjustment(
  { pool, nowMs }: Finance,
  change: ProposedChange,
): Promise<Adjustment> {
  switch (change.type) {
    case 'give': {
      const { merchantId, program, unit, amount } = change;
      const expiresAtMs =
        'expiresAtMs' in change
          ? change.expiresAtMs
          : nowMs() + change.expiresInDays * DAY_MS;
      return { type: 'give', merchantId, program, unit, amount, expiresAtMs };
    }
    case 'take-back': {
      const { lotId, amount } = change;
      const { readLot } = await import('@app/adjustments');
      const lot = await readLot(pool, Number(lotId.split('-')[1]), lotId);
      if (!lot) throw new UserError(`Refused: there is no lot ${lotId}.`);
      const { merchantId } = lot;
      return { type: 'take_back', merchantId, lotId, amount };
    }
    case 'budget': {
      const { program, unit, amount } = change;
      return { type: 'budget', program, unit, amount };
    }
    case 'cash': {
      const { merchantId, program, amount } = change;
      return { type: 'cash', merchantId, program, amount };
    }
    case 'pay-out': {
      const { merchantId, amount } = change;
      return { type: 'payout', merchantId, amount };
    }
  }
}

async function told(
  pool: Pool,
  { what }: AdjustRequest,
  proposals: readonly Proposal[],
): Promise<string> {
  if (what === 'list')
    return proposals.length === 0
      ? 'no proposal waits to be decided on\n'
      : proposals.map((proposal) => `${inALine(proposal)}\n`).join('');
  const [proposal] = proposals;
  const lines = [inALine(proposal!), ...details(proposal!)];
  if (what === 'propose')
    lines.push(
      'Nothing has moved: another identity has to approve it:',
      `  npm run ledger -- adjust approve ${proposal!.proposalId} --by NAME`,
    );
  return [...lines, ...(await entriesOf(pool, proposal!)), ''].join('\n');
}

function stateInWords({ state }: Proposal): string {
  return state.replace('_', ' ');
}

function inALine(proposal: Proposal): string {
  return `${stateInWords(proposal)} ${proposal.proposalId}: ${inWords(proposal)}`;
}

function details({ parts }: Proposal): string[] {
  const { reason, proposedBy, proposedAtMs } = parts[0]!.proposal;
  const decided = parts.find((part) => part.decided)?.decided;
  const because = decided?.reason ? `, because: ${decided.reason}` : '';
  return [
    `  reason    ${reason}`,
    `  proposed  by ${proposedBy} at ${new Date(proposedAtMs).toISOString()}`,
    ...(decided
      ? [
          `  ${decided.decision}  by ${decided.decidedBy} at ${decided.decidedAt.toISOString()}${because}`,
        ]
      : []),
  ];
}

/** What moved, as the ledger has it. */
async function entriesOf(pool: Pool, { parts }: Proposal): Promise<string[]> {
  const approved = parts.flatMap(({ proposal, decided }) =>
    decided?.entryId ? [{ ...proposal, entryId: decided.entryId }] : [],
  );
  const lines: string[] = [];
  for (const { shard, entryId } of approved.slice(0, ENTRIES_TOLD)) {
    lines.push(`  entry     ${entryId}`);
    for (const posting of await readPostings(pool, shard, entryId))
      lines.push(`    ${inPosting(posting)}`);
  }
  const untold = approved.length - ENTRIES_TOLD;
  if (untold > 0) lines.push(`  and ${untold} entries more`);
  const still = parts.filter(({ decided }) => !isMoved(decided)).length;
  if (still > 0)
    lines.push(
      `  nothing was left to move in ${still} of ${parts.length} shards`,
    );
  return lines;
}

function isMoved(decided: ProposalPart['decided']): boolean {
  return decided?.decision !== 'approved' || decided.entryId !== null;
}

async function readPostings(
  pool: Pool,
  shard: number,
  entryId: string,
): Promise<StoredPosting[]> {
  const [journal, , sequence] = entryId.split('-');
  const { rows } = await pool.query<StoredPosting>(
    `SELECT line, account, unit, amount, lot_id AS "lotId", balance FROM posting
     WHERE shard = $1 AND journal = $2 AND sequence = $3 ORDER BY line`,
    [shard, journal, sequence],
  );
  return rows;
}

function inPosting({ account, unit, amount, lotId }: StoredPosting): string {
  const sign = amount > 0n ? '+' : '-';
  const size = NUMBER.format(amount > 0n ? amount : -amount);
  return `${`${sign}${size}`.padStart(16)} ${unit.padEnd(9)} ${account}${lotId ? `  (lot ${lotId})` : ''}`;
}

function inWords({ parts, spreadOver }: Proposal): string {
  const { adjustment, shard } = parts[0]!.proposal;
  const total = parts.reduce(
    (sum, { proposal }) => sum + proposal.adjustment.amount,
    0n,
  );
  const amount = NUMBER.format(total < 0n ? -total : total);
  switch (adjustment.type) {
    case 'give':
      return `give ${amount} ${adjustment.unit} of ${adjustment.program} to ${adjustment.merchantId}, until ${new Date(adjustment.expiresAtMs).toISOString()}`;
    case 'take_back':
      return `take ${amount} of lot ${adjustment.lotId} back from ${adjustment.merchantId}`;
    case 'budget': {
      const verb =
        total < 0n
          ? `cut ${amount} ${adjustment.unit} from`
          : `add ${amount} ${adjustment.unit} to`;
      const where =
        spreadOver === 1 ? `in shard ${shard}` : `over ${spreadOver} shards`;
      return `${verb} the budget of ${adjustment.program}, ${where}`;
    }
    case 'cash':
      return `give ${amount} CNY (fen) of ${adjustment.program} to ${adjustment.merchantId}, to be paid out`;
    case 'payout':
      return `pay ${amount} CNY (fen) out to ${adjustment.merchantId}`;
  }
}

/** For other programs: amounts as decimal strings, so that no digit is lost. */
function toJson(proposal: Proposal): unknown {
  const { proposalId, spreadOver, parts } = proposal;
  const { reason, proposedBy, proposedAtMs } = parts[0]!.proposal;
  return {
    proposalId,
    state: stateInWords(proposal),
    reason,
    proposedBy,
    proposedAt: new Date(proposedAtMs),
    spreadOver,
    parts: parts.map(({ proposal: { shard, adjustment }, decided }) => ({
      shard,
      adjustment: inJson(adjustment),
      decided,
    })),
  };
}

function inJson({ amount, ...adjustment }: Adjustment): object {
  const { expiresAtMs, ...others } = adjustment as typeof adjustment & {
    expiresAtMs?: number;
  };
  return {
    ...others,
    amount: amount.toString(),
    ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs) }),
  };
}
