export * from './closed-span.js';
export * from './lock.js';
export * from './prove-balance.js';
export * from './read-leaves.js';
export * from './sealed.js';
export * from './sealer.js';
export { firstBlockOfOtherBalances } from './verify-balances.js';
export * from './verify-seal.js';
