export * from './adjust.js';
export type { Finance } from './finance.js';
export type { Proposal, ProposalDecision, ProposalPart } from './proposals.js';
export { readLot } from './state.js';
