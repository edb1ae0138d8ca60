export * from './balance-leaf.js';
export * from './balance-tree.js';
export * from './block.js';
export * from './checkpoint-files.js';
export * from './entry-leaves.js';
export * from './order.js';
export * from './seal-error.js';
export * from './tree-hasher.js';
