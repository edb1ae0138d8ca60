export * from './balances.js';
export * from './cut.js';
export * from './lots.js';
export * from './statement.js';
