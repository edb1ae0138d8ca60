import {
  entryId,
  type AdjustmentProposal,
  type Entry,
  type Journal,
} from '@app/ledger';
import type { Pool, Statement, Queryable } from '@app/ledger/postgres';
import { adjustmentFromJson, adjustmentToJson } from './adjustment.json.js';
import {
  stateOfProposal,
  type ProposalDecision,
  type ProposalPart,
  type ProposalState,
} from './proposal-state.js';

/** A proposal with its parts, by shard: one, or as many as it is spread over. */
export interface Proposal {
  proposalId: string;
  state: ProposalState;
  spreadOver: number;
  parts: ProposalPart[];
}

export interface ProposalFilter {
  shards: readonly number[];
  /** Of these alone. */
  proposalIds?: readonly string[];
  /** Those alone that wait for somebody to decide. */
  onlyOpen?: boolean;
  /** Of the latest. */
  limit?: number;
  /** Those alone that come after this one. */
  after?: { proposedAtMs: number; proposalId: string } | undefined;
}

/** Proposals, the latest first. */
export async function readProposals(
  pool: Queryable,
  { shards, proposalIds, onlyOpen = false, limit = 1, after }: ProposalFilter,
): Promise<Proposal[]> {
  const { rows } = await pool.query<ProposalRow>({
    name: 'read-proposals',
    text: `
      WITH joined AS (
        SELECT shard, proposal_id, spread_over, adjustment, proposed.reason, proposed_by, proposed_at,
          decision, decided_by, decided_at, decided.reason AS decision_reason, journal, sequence
        FROM adjustment_proposal AS proposed LEFT JOIN adjustment_decision AS decided USING (shard, proposal_id)
        WHERE shard = ANY ($1::smallint[]) AND ($2::text[] IS NULL OR proposal_id = ANY ($2))
      ), latest AS (
        SELECT proposal_id, max(proposed_at) AS at FROM joined GROUP BY proposal_id
        HAVING (NOT $3 OR count(decision) < count(*))
          AND ($5::timestamptz IS NULL OR (max(proposed_at), $6::text) < ($5, proposal_id))
        ORDER BY at DESC, proposal_id LIMIT $4
      )
      SELECT joined.* FROM joined JOIN latest USING (proposal_id) ORDER BY at DESC, proposal_id, shard`,
    values: [
      shards,
      proposalIds ?? null,
      onlyOpen,
      limit,
      after ? new Date(after.proposedAtMs) : null,
      after?.proposalId ?? null,
    ],
  });
  const partsById = new Map<string, [ProposalRow, ...ProposalRow[]]>();
  for (const row of rows) {
    const known = partsById.get(row.proposal_id);
    if (known) known.push(row);
    else partsById.set(row.proposal_id, [row]);
  }
  return [...partsById.values()].map((ofOne) =>
    toProposal(ofOne.map(toPart), ofOne[0].spread_over),
  );
}

/** @param given all its parts, at least one */
export function toProposal(
  given: readonly ProposalPart[],
  spreadOver: number,
): Proposal {
  const parts = given.toSorted((a, b) => a.proposal.shard - b.proposal.shard);
  const { proposalId } = parts[0]!.proposal;
  const state = stateOfProposal(parts, spreadOver);
  return { proposalId, state, spreadOver, parts };
}

/** Keeps a part of a proposal, for somebody else to decide on. */
export async function insertProposal(
  pool: Pool,
  proposal: AdjustmentProposal,
  spreadOver: number,
): Promise<void> {
  await pool.query({
    name: 'insert-proposal',
    text: `
      INSERT INTO adjustment_proposal (shard, proposal_id, spread_over, adjustment, reason, proposed_by, proposed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      proposal.shard,
      proposal.proposalId,
      spreadOver,
      JSON.stringify(adjustmentToJson(proposal.adjustment)),
      proposal.reason,
      proposal.proposedBy,
      new Date(proposal.proposedAtMs),
    ],
  });
}

/** What writes down that a proposal was approved, in the transaction of its entry. */
export function insertApproval(
  { shard, proposalId }: AdjustmentProposal,
  { approvedBy, approvedAtMs }: { approvedBy: string; approvedAtMs: number },
  entry: Pick<Entry, 'journal' | 'sequence'> | null,
): Statement {
  return {
    name: 'insert-approval',
    text: `
      INSERT INTO adjustment_decision (shard, proposal_id, decision, decided_by, decided_at, journal, sequence)
      VALUES ($1, $2, 'approved', $3, $4, $5, $6)`,
    values: [
      shard,
      proposalId,
      approvedBy,
      new Date(approvedAtMs),
      entry?.journal ?? null,
      entry?.sequence ?? null,
    ],
  };
}

/** @returns false where it was decided on meanwhile, and nothing is written */
export async function insertRejection(
  pool: Pool,
  { shard, proposalId }: AdjustmentProposal,
  rejection: { by: string; reason: string; atMs: number },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'insert-rejection',
    text: `
      INSERT INTO adjustment_decision (shard, proposal_id, decision, decided_by, decided_at, reason)
      VALUES ($1, $2, 'rejected', $3, $4, $5) ON CONFLICT (shard, proposal_id) DO NOTHING`,
    values: [
      shard,
      proposalId,
      rejection.by,
      new Date(rejection.atMs),
      rejection.reason,
    ],
  });
  return rowCount === 1;
}

interface ProposalRow {
  shard: number;
  proposal_id: string;
  spread_over: number;
  adjustment: unknown;
  reason: string;
  proposed_by: string;
  proposed_at: Date;
  decision: ProposalDecision['decision'] | null;
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  journal: Journal | null;
  sequence: bigint | null;
}

function toPart(row: ProposalRow): ProposalPart {
  const { shard, decision, decided_by, decided_at, journal, sequence } = row;
  return {
    proposal: {
      shard,
      proposalId: row.proposal_id,
      adjustment: adjustmentFromJson(row.adjustment),
      reason: row.reason,
      proposedBy: row.proposed_by,
      proposedAtMs: row.proposed_at.getTime(),
    },
    decided:
      decision && decided_by && decided_at
        ? {
            decision,
            decidedBy: decided_by,
            decidedAt: decided_at,
            reason: row.decision_reason,
            entryId:
              journal && sequence !== null
                ? entryId(journal, shard, sequence)
                : null,
          }
        : null,
  };
}
