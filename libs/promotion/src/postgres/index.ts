export * from './merchants.js';
