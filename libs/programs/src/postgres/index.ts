export * from './dry-run.js';
export * from './event-row.js';
export * from './forget-activity.js';
export * from './recorded-activity.js';
