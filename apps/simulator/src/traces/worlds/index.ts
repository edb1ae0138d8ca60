import type { TraceWorld } from '../trace-world.js';
import { festival } from './festival.js';
import { newcomers } from './newcomers.js';
import { shocks } from './shocks.js';
import { smallShops } from './small-shops.js';
import { videoHeavy } from './video-heavy.js';

/** Really different from each other, so that what spends well in all has learned no world by heart. */
export const TRACE_WORLDS: readonly TraceWorld[] = [
  festival,
  shocks,
  newcomers,
  videoHeavy,
  smallShops,
];
