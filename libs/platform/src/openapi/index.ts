export * from './document.js';
export * from './operation.js';
export * from './route-inputs.js';
export * from './routes.js';
