export { type JournalPlace } from './batch-journal.js';
export * from './budget.js';
export * from './cold-starts.js';
export * from './count.js';
export * from './decide.js';
export * from './dry-run.js';
export * from './dry-run-differences.js';
export * from './dry-run-report.js';
export * from './eligibility.js';
export * from './forgetting.js';
export * from './granter-in-memory.js';
export * from './late-subject.js';
export * from './merchant-facts.js';
export * from './needs.js';
export * from './lease.js';
export { poolKey, poolOf } from './pool.js';
export {
  type FieldPath,
  type FileMistake,
  ProgramFileError,
} from './program-document.js';
export * from './program-changes.js';
export * from './program-file.js';
export * from './program-json-schema.js';
export { ProgramSet } from './program-set.js';
export * from './program.js';
export * from './progress.js';
export * from './publication.js';
export { purseKey } from './purse.js';
export * from './recount.js';
export { type UnpaidReward } from './reward-entry.js';
export * from './subject.js';
export { isTimeZone, timeZone } from './time-zone.js';
