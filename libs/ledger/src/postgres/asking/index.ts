export * from './effects-of-event.js';
export * from './entries-behind.js';
export * from './entries-matching.js';
export * from './entries-of-rule.js';
export * from './life-of-lot.js';
export * from './programs.js';
export * from './told-entries.js';
