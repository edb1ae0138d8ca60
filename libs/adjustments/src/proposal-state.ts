import type { AdjustmentProposal } from '@app/ledger';

/** What became of a proposal in one shard. */
export interface ProposalDecision {
  decision: 'approved' | 'rejected';
  decidedBy: string;
  decidedAt: Date;
  /** Why it was rejected. */
  reason: string | null;
  /** The entry that it became; null where it was rejected, or there was nothing to move. */
  entryId: string | null;
}

/** A proposal in one shard. */
export interface ProposalPart {
  proposal: AdjustmentProposal;
  /** Null while it is open. */
  decided: ProposalDecision | null;
}

export const PROPOSAL_STATES = [
  'proposed',
  /** It was interrupted while it was being written down: it can only be rejected. */
  'cut_short',
  /** It was interrupted while it was being decided on: asking again brings it to its end. */
  'partly_approved',
  'partly_rejected',
  'approved',
  'rejected',
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Where a proposal stands, as of all its parts. */
export function stateOfProposal(
  parts: readonly ProposalPart[],
  spreadOver: number,
): ProposalState {
  const decisions = parts.flatMap(({ decided }) => decided?.decision ?? []);
  const [decision] = decisions;
  if (decision && decisions.length === parts.length) return decision;
  if (parts.length < spreadOver) return 'cut_short';
  return decision ? `partly_${decision}` : 'proposed';
}
