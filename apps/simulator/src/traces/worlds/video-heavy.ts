import { drift, weekends } from '../influences.js';
import type { TraceWorld } from '../trace-world.js';

const START_MS = Date.parse('2025-05-05T00:00:00+08:00');

/**
 * Merchants who live off short videos, many at a time. Room is scarce, two to three times the traffic, and what a
 * video brings is mostly chance. All numbers are assumed.
 */
export const videoHeavy: TraceWorld = {
  name: 'video-heavy',
  summary: 'many videos at a time, scarce room at the peak, loud noise',
  startMs: () => START_MS,
  joining: { earlyShare: 0.9, lastAt: 0.6 },
  live: { roomPerHour: 12_000, ordersPerThousand: 0.6, often: 0.2 },
  video: {
    roomPerHour: 2_000,
    ordersPerThousand: 0.5,
    often: 1.6,
    slotHours: 4,
    lifeDays: 1.2,
    qualitySigma: 0.9,
  },
  leastRoomPerHour: 500,
  diurnality: 1.5,
  noiseSigma: 0.6,
  grants: [
    {
      trigger: 'published',
      chance: 0.5,
      units: { VIDEO_IMP: 3, ANY_IMP: 1 },
      share: 0.55,
      sigma: 0.9,
      hours: [12, 24 * 5],
      untilMidnight: true,
    },
    {
      // For the stream that runs: the next may be weeks away.
      trigger: 'streaming',
      chance: 0.7,
      units: { LIVE_IMP: 1 },
      share: 0.3,
      sigma: 0.8,
      hours: [2, 24],
    },
    {
      trigger: 'day',
      chance: 0.3,
      units: { VIDEO_IMP: 1, ANY_IMP: 1 },
      share: 0.25,
      sigma: 1,
      hours: [3, 24],
    },
  ],
  weather: [weekends({ room: 1.2, rate: 0.95 })],
  fates: [drift(0.25, [6, 30])],
};
