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
  live: { ...festival.live, roomPerHour: 200 },
  video: {
    ...festival.video,
    roomPerHour: 25,
    often: 1,
    slotHours: 1,
    lifeDays: 3,
  },
  leastRoomPerHour: 2,
};
