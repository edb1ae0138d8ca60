export * from './dry-run.js';
export * from './event-row.js';
export * from './forget-activity.js';
export * from './program-changes.js';
export * from './recorded-activity.js';
export * from './verify-programs.js';
