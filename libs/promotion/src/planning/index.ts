export * from './merchant-spending.js';
export * from './planner.js';
export * from './spending-planner.js';
export * from './under-limits.js';
