export * from './decide-batch.js';
export * from './decide.js';
export { nextDueMs, REPORT_GRACE_MS } from './passing-time.js';
export { FIRST_REST_MS, LONGEST_REST_MS } from './rests.js';
export type { JournalPlace, LotStandings } from './turn.js';
