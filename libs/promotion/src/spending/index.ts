export * from './allocate.js';
export { DAY_MS, HOUR_MS, hourOfDay, localHour } from './local-time.js';
export {
  newMerchantMemory,
  newSharedMemory,
  type MerchantMemory,
  type SharedMemory,
} from './memory.js';
export * from './online-spending.js';
export { constantsOf, SPENDING_PARAMETERS } from './parameters.js';
export { probeOf, probeSeedOf } from './probe.js';
export { isReported, learnResponse } from './response.js';
export * from './spending-policy.js';
export * from './trace.js';
export * from './units.js';
