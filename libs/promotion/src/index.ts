export * from './decide-batch.js';
export * from './decide.js';
export * from './evolve.js';
export * from './input.js';
export * from './merchant-promotion.js';
export * from './merchant-promotion.json.js';
export * from './plan.js';
export * from './promotion-order-messages.js';
