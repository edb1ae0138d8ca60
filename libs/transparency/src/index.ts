export * from './checkpoint.js';
export * from './entry-bundle.js';
export * from './merkle.js';
export * from './note.js';
export * from './note-keys.js';
export * from './right-edge.js';
export * from './tiles.js';
export * from './verify-proof.js';
