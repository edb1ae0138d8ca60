export * from './merchant-spending.js';
export * from './planner.js';
export { SPENDING_POLICY } from './policy.js';
export * from './spending-planner.js';
export { nextPlanMs } from './target-slots.js';
export * from './under-limits.js';
