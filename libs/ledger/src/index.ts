export * from './account.js';
export * from './cause.js';
export * from './chain.js';
export * from './encoding.js';
export * from './entry.js';
export * from './verify-balances.js';
export * from './verify.js';
