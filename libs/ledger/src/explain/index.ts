export { yuanText } from './amounts.js';
export { LANGUAGES, type Bilingual, type Language } from './bilingual.js';
export * from './explain-entry.js';
export * from './explain-lines.js';
export { type ExplainableEntry } from './explained.js';
export { dateText } from './times.js';
