export * from './spending-policy.js';
export * from './trace.js';
