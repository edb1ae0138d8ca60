export * from './balances-as-of.js';
export * from './cut-at.js';
export * from './lots-as-of.js';
export * from './statement.js';
export * from './trial-balance-as-of.js';
