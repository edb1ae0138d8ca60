export * from './activity.js';
export * from './deliveries.js';
