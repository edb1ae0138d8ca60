export * from './reconcile-activity.js';
export * from './reconcile-deliveries.js';
