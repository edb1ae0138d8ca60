export { type JournalPlace } from './decide/batch-journal.js';
export * from './budget.js';
export * from './cold-starts.js';
export * from './count/count.js';
export * from './decide/decide.js';
export * from './dry-run/dry-run.js';
export * from './dry-run/dry-run-differences.js';
export * from './dry-run/dry-run-report.js';
export * from './eligibility.js';
export * from './forgetting.js';
export * from './dry-run/granter-in-memory.js';
export * from './count/late-subject.js';
export * from './count/merchant-facts.js';
export { type KnownSessions } from './count/known-merchant.js';
export * from './decide/needs.js';
export * from './decide/recounts-needed.js';
export * from './lease.js';
export { poolKey, poolOf } from './decide/pool.js';
export {
  type FieldPath,
  type FileMistake,
  ProgramFileError,
} from './file/program-document.js';
export * from './published/program-changes.js';
export * from './file/program-file.js';
export * from './file/program-json-schema.js';
export { ProgramSet } from './published/program-set.js';
export * from './program.js';
export * from './progress.js';
export * from './published/publication.js';
export { purseKey } from './decide/purse.js';
export * from './count/recount.js';
export { type UnpaidReward } from './decide/reward-entry.js';
export * from './count/subject.js';
export { isTimeZone, timeZone } from './time/time-zone.js';
