export { covers, type OracleOptions } from './covers.js';
export { expectedTotals, totalKey, type TotalOf } from './expected-totals.js';
export { netTotals } from './net-totals.js';
export { lineageName, lineagesOf, versionsByProgram } from './versions.js';
export { walkedTotals, walks } from './walked-totals.js';
