export { AccessGuard, CalledBy } from './access.guard.js';
export * from './access-rule.js';
export * from './caller.js';
export * from './issuers.js';
export * from './token-verifier.js';
