import { HOUR_MS } from './local-time.js';
import { probeOf } from './probe.js';
import type { Slot } from './spending-policy.js';

function slotOf(capacity: number, hour = 0): Slot {
  const atMs = Date.UTC(2024, 10, 11) + hour * HOUR_MS;
  return {
    placement: 'short_video',
    targetId: 'v1',
    targetKind: 'video',
    atMs,
    untilMs: atMs + HOUR_MS,
    capacity,
  };
}

/** In the mean of many slots. */
function meanProbe(capacity: number): number {
  const slots = 20_000;
  let sum = 0;
  for (let hour = 0; hour < slots; hour += 1)
    sum += probeOf(slotOf(capacity, hour));
  return sum / slots;
}

describe('The impressions that a slot is given however little is expected', () => {
  it('are a thousandth of a large slot', () => {
    expect(probeOf(slotOf(50_000))).toBe(50);
  });

  it.each([8_000, 1_600])('are 8 where it takes %i', (capacity) => {
    expect(probeOf(slotOf(capacity))).toBe(8);
  });

  it.each([
    [500, 2.5],
    [40, 0.2],
    [1, 0.005],
  ])(
    'are half a per cent of a slot that takes %i, in the mean',
    (capacity, mean) => {
      expect(Math.abs(meanProbe(capacity) / mean - 1)).toBeLessThan(0.2);
    },
  );

  it('are whole steps, to as many slots as come to the same in the mean', () => {
    const probes = Array.from({ length: 20_000 }, (_, hour) =>
      probeOf(slotOf(5_000, hour), 200),
    );
    expect(new Set(probes)).toEqual(new Set([0, 200]));
    const tried = probes.filter((probe) => probe > 0);
    expect(tried.length / probes.length).toBeCloseTo(8 / 200, 2);
  });

  it('are no more than the slot takes', () => {
    const probes = Array.from({ length: 1_000 }, (_, hour) =>
      probeOf(slotOf(100, hour), 200),
    );
    expect(new Set(probes)).toEqual(new Set([0, 100]));
  });

  it('are the same for the same slot', () => {
    const ofDay = () =>
      Array.from({ length: 24 }, (_, hour) => probeOf(slotOf(100, hour)));
    expect(ofDay()).toEqual(ofDay());
    expect(new Set(ofDay())).toEqual(new Set([0, 1]));
  });
});
