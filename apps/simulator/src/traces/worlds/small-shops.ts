import type { TraceWorld } from '../trace-world.js';
import { festival } from './festival.js';

/**
 * The festival of shops with hundreds of viewers: a slot takes a few impressions, hour by hour, and there are many
 * videos at a time. All numbers are assumed.
 */
export const smallShops: TraceWorld = {
  ...festival,
  name: 'small-shops',
  summary: 'shops with a hundredth of the viewers, many videos, hour by hour',
  live: { roomPerHour: 200, ordersPerThousand: 0.7, often: 1 },
  video: {
    roomPerHour: 25,
    ordersPerThousand: 0.5,
    often: 1,
    slotHours: 1,
    lifeDays: 3,
    qualitySigma: 0.7,
  },
  leastRoomPerHour: 2,
};
