import { DAY_MS } from './local-time.js';
import type { Outlook } from './outlook.js';
import { roomInScenarios } from './scenarios.js';

const FROM_MS = Date.UTC(2024, 10, 11);

/** A thousand impressions of room an hour, each a slot. */
function outlookAfter(slotsSeen: number): Outlook {
  return {
    placement: 'live',
    fromMs: FROM_MS,
    roomByHours: Float64Array.from({ length: 100 }, (_, hour) => hour * 1_000),
    slotsSeen,
    slotsPerImpression: 1 / 1_000,
    logLevel: 0,
    rates: {
      shareFrom: new Float64Array(),
      rateFrom: new Float64Array(),
    },
    steepness: 1,
  };
}

const roomOfTwoDays = (slotsSeen: number) =>
  roomInScenarios(outlookAfter(slotsSeen), FROM_MS + 2 * DAY_MS);

describe('The room in scenarios', () => {
  it('rises from one to the next, around what is expected', () => {
    const rooms = roomOfTwoDays(1_000);
    expect(rooms).toEqual(rooms.toSorted((a, b) => a - b));
    expect(rooms[1]).toBeLessThan(48_000);
    expect(rooms[3]).toBeGreaterThan(48_000);
  });

  it('is the wider the fewer slots of the merchant were seen', () => {
    const [few, many] = [roomOfTwoDays(2), roomOfTwoDays(1_000)];
    expect(few[0]).toBeLessThan(many[0]! / 2);
    expect(few[4]).toBeGreaterThan(many[4]!);
  });

  it('is none where none is expected', () => {
    const outlook = outlookAfter(0);
    expect(roomInScenarios(outlook, FROM_MS)).toEqual([0, 0, 0, 0, 0]);
  });
});
