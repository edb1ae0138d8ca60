import {
  stateOfProposal,
  type ProposalDecision,
  type ProposalPart,
} from './proposal-state.js';

function part(decision: ProposalDecision['decision'] | null): ProposalPart {
  return {
    proposal: {
      shard: 0,
      proposalId: 'adj-all-1',
      adjustment: {
        type: 'budget',
        program: 'daily',
        unit: 'ANY_IMP',
        amount: -1n,
      },
      reason: 'less',
      proposedBy: 'alice',
      proposedAtMs: 0,
    },
    decided: decision && {
      decision,
      decidedBy: 'bob',
      decidedAt: new Date(0),
      reason: null,
      entryId: null,
    },
  };
}

describe('the state of a proposal', () => {
  it.each([
    [2, [null, null], 'proposed'],
    [3, [null, null], 'cut_short'],
    [2, ['approved', null], 'partly_approved'],
    [2, [null, 'rejected'], 'partly_rejected'],
    [2, ['approved', 'approved'], 'approved'],
    [1, ['rejected'], 'rejected'],
    // What was cut short stays rejected once it is.
    [3, ['rejected', 'rejected'], 'rejected'],
  ] as const)(
    'over %i shards, decided on as %j, is %s',
    (spreadOver, decisions, state) => {
      expect(stateOfProposal(decisions.map(part), spreadOver)).toBe(state);
    },
  );
});
