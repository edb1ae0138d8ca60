export * from './adjust.js';
export { ProposalUnknown, type Finance } from './finance.js';
export type { Proposal } from './proposals.js';
export {
  PROPOSAL_STATES,
  type ProposalDecision,
  type ProposalPart,
  type ProposalState,
} from './proposal-state.js';
export { readLot } from './state.js';
