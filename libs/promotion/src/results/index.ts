export * from './baseline.js';
export * from './group-results.js';
export * from './period.js';
export * from './promotion-result.js';
