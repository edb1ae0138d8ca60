export * from './export-file.js';
export * from './manifest.js';
export * from './read-selected.js';
export * from './stream-export.js';
