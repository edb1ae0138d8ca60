export * from './merchants.js';
export * from './promotion.js';
export * from './recorded.js';
export * from './results.js';
export * from './sales.js';
export * from './shared-memory.js';
