export * from './spending-policy.js';
