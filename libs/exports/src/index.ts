export * from './csv.js';
export * from './encoder.js';
export * from './exported-entry.js';
export * from './hledger.js';
export * from './ndjson.js';
export * from './parquet.js';
export * from './selection.js';
