import { DAY_MS, HOUR_MS } from '../../world/calendar.js';
import { drift, during, weekends } from '../influences.js';
import type { TraceWorld } from '../trace-world.js';

const DOUBLE_11_MS = Date.parse('2024-11-11T00:00:00+08:00');
/** Of the trace: the weeks ahead of it are its warming up. */
const DOUBLE_11_AT = 0.75;
const EVE_MS = DOUBLE_11_MS - 4 * HOUR_MS;

/** Weeks around Double 11. About nine times more room than traffic. All numbers are assumed. */
export const festival: TraceWorld = {
  name: 'festival',
  summary: 'weeks around Double 11: habits, two peaks, nine times more room',
  startMs: (days) => DOUBLE_11_MS - Math.floor(days * DOUBLE_11_AT) * DAY_MS,
  joining: { earlyShare: 0.75, lastAt: 0.8 },
  live: { roomPerHour: 20_000, ordersPerThousand: 0.7, often: 1 },
  video: {
    roomPerHour: 2_500,
    ordersPerThousand: 0.5,
    often: 0.7,
    slotHours: 6,
    lifeDays: 2,
    qualitySigma: 0.7,
  },
  leastRoomPerHour: 500,
  diurnality: 1,
  noiseSigma: 0.35,
  grants: [
    {
      trigger: 'joined',
      chance: 0.6,
      units: { LIVE_IMP: 2, ANY_IMP: 1 },
      share: 0.2,
      sigma: 0.5,
      hours: [72, 24 * 14],
    },
    {
      trigger: 'streaming',
      chance: 0.15,
      units: { LIVE_IMP: 1 },
      share: 0.12,
      sigma: 0.6,
      hours: [2, 12],
    },
    {
      trigger: 'streamed',
      chance: 0.7,
      units: { LIVE_IMP: 4, ANY_IMP: 1 },
      share: 0.12,
      sigma: 0.8,
      hours: [24, 24 * 7],
      untilMidnight: true,
    },
    {
      trigger: 'published',
      chance: 0.4,
      units: { VIDEO_IMP: 3, ANY_IMP: 1 },
      share: 0.18,
      sigma: 0.8,
      hours: [48, 24 * 7],
      untilMidnight: true,
    },
    {
      trigger: 'day',
      chance: 0.1,
      units: { ANY_IMP: 1 },
      share: 0.09,
      sigma: 1,
      hours: [6, 24],
    },
    {
      trigger: 'week',
      chance: 0.5,
      units: { LIVE_IMP: 1, VIDEO_IMP: 1, ANY_IMP: 1 },
      share: 0.07,
      sigma: 0.6,
      hours: [24 * 7, 24 * 21],
      untilMidnight: true,
    },
  ],
  weather: [
    weekends({ room: 1.15, rate: 1.05, streaming: 1.1 }),
    // Shoppers wait for the prices of the day.
    during(DOUBLE_11_MS - 3 * DAY_MS, EVE_MS, { rate: 0.85 }),
    during(EVE_MS, DOUBLE_11_MS + DAY_MS, {
      room: 1.9,
      rate: 1.6,
      streaming: 1.5,
    }),
    // The opening of the sale, eleven days ahead.
    during(
      DOUBLE_11_MS - 11 * DAY_MS - 4 * HOUR_MS,
      DOUBLE_11_MS - 9 * DAY_MS,
      {
        room: 1.5,
        rate: 1.3,
        streaming: 1.3,
      },
    ),
    // Baskets are empty afterwards.
    during(DOUBLE_11_MS + DAY_MS, DOUBLE_11_MS + 4 * DAY_MS, { rate: 0.75 }),
  ],
  fates: [drift(0.2, [10, 40])],
};
