import {
  breaks,
  drift,
  migration,
  outages,
  stretch,
  weekends,
} from '../influences.js';
import type { TraceWorld } from '../trace-world.js';
import { festival } from './festival.js';

const START_MS = Date.parse('2024-09-02T00:00:00+08:00');

/** What was so yesterday is not so today. All numbers are assumed. */
export const shocks: TraceWorld = {
  ...festival,
  name: 'shocks',
  summary:
    'rates that leap, sudden campaigns, a holiday, outages, an audience that moves to video',
  startMs: () => START_MS,
  noiseSigma: 0.4,
  grants: [
    ...festival.grants.filter(({ trigger }) => trigger !== 'week'),
    {
      trigger: 'campaign',
      perWeek: 1.5,
      chance: 0.6,
      units: { ANY_IMP: 2, LIVE_IMP: 1, VIDEO_IMP: 1 },
      share: 0.5,
      sigma: 0.7,
      hours: [4, 30],
    },
  ],
  weather: [
    weekends({ room: 1.15, rate: 1.05, streaming: 1.1 }),
    stretch(0.4, 4, { streaming: 0.05, room: 0.8 }),
    migration(0.65, 4, {
      live: { room: 0.4, rate: 0.7 },
      short_video: { room: 1.8, rate: 1.3 },
    }),
    outages(1.5, [2, 6]),
  ],
  fates: [
    drift(0.15, [10, 40]),
    breaks(0.6, [1.5, 4], { share: 0.4, days: [2, 8] }),
    breaks(0.3, [1.5, 3], { share: 0.4, days: [1, 4] }),
  ],
};
