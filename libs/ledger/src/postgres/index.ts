export * from './database.module.js';
export * from './head.js';
export * from './journal-writer.js';
export * from './migrate.js';
export * from './pool.js';
export * from './read.js';
export * from './roles.js';
export * from './seen-events.js';
