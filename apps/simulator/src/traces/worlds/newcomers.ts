import { drift, weekends } from '../influences.js';
import type { TraceWorld } from '../trace-world.js';

const START_MS = Date.parse('2025-02-24T00:00:00+08:00');

/** Most merchants join on the way and are hardly known when their first traffic comes. All numbers are assumed. */
export const newcomers: TraceWorld = {
  name: 'newcomers',
  summary: 'merchants who join on the way, short histories, cold-start grants',
  startMs: () => START_MS,
  joining: { earlyShare: 0.1, lastAt: 0.95 },
  live: { roomPerHour: 8_000, ordersPerThousand: 0.55, often: 0.5 },
  video: {
    roomPerHour: 1_500,
    ordersPerThousand: 0.45,
    often: 0.35,
    slotHours: 8,
    lifeDays: 1.5,
    qualitySigma: 0.8,
  },
  leastRoomPerHour: 500,
  diurnality: 1,
  noiseSigma: 0.5,
  grants: [
    {
      trigger: 'joined',
      chance: 0.9,
      units: { LIVE_IMP: 3, ANY_IMP: 2 },
      share: 0.4,
      sigma: 0.6,
      hours: [48, 24 * 14],
    },
    {
      trigger: 'streamed',
      chance: 0.6,
      units: { LIVE_IMP: 2, ANY_IMP: 1 },
      share: 0.08,
      sigma: 0.7,
      hours: [48, 24 * 10],
      untilMidnight: true,
    },
    {
      trigger: 'published',
      chance: 0.5,
      units: { VIDEO_IMP: 2, ANY_IMP: 1 },
      share: 0.1,
      sigma: 0.7,
      hours: [24, 24 * 5],
      untilMidnight: true,
    },
    {
      trigger: 'day',
      chance: 0.08,
      units: { ANY_IMP: 1 },
      share: 0.08,
      sigma: 0.8,
      hours: [6, 48],
    },
  ],
  weather: [weekends({ room: 1.1, streaming: 1.2 })],
  fates: [drift(0.35, [8, 25])],
};
