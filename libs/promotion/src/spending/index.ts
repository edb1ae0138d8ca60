export * from './allocate.js';
export * from './memory.js';
export * from './online-spending.js';
export { learnResponse } from './response.js';
export * from './spending-policy.js';
export * from './trace.js';
export * from './units.js';
