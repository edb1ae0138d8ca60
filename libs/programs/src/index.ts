export * from './budget.js';
export { debtKey } from './debts.js';
export * from './decide.js';
export { type UnpaidReward } from './grant.js';
export * from './needs.js';
export * from './order.js';
export * from './period.js';
export { poolKey, poolSlice } from './pool.js';
export {
  type FieldPath,
  type FileMistake,
  ProgramFileError,
} from './program-document.js';
export * from './program-file.js';
export * from './program.js';
export * from './progress.js';
export { isTimeZone, timeZone } from './time-zone.js';
