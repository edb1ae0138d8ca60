export * from './decide-batch.js';
export * from './decide.js';
export { REST_MS } from './orders.js';
export { nextDueMs, REPORT_GRACE_MS } from './passing-time.js';
export type { JournalPlace, LotStandings } from './turn.js';
