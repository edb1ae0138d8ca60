import { TraceReader, writeTraceLine, type TraceSlot } from '@app/promotion';
import { HOUR_MS } from '../world/calendar.js';
import { lotsOf, roomOf, slotsOf, spread } from '../../test/trace-figures.js';
import { spanOf, trace } from './trace.js';
import { TRACE_WORLDS } from './worlds/index.js';

const OPTIONS = { merchants: 60, days: 28, seed: '1' };
const FEW = { merchants: 12, days: 9, seed: '1' };

/** How much more room there is than traffic, as docs/traces.md has it. */
const ROOM_TO_TRAFFIC: Record<string, [least: number, most: number]> = {
  festival: [7.5, 11],
  shocks: [5, 10],
  newcomers: [10, 20],
  'video-heavy': [2, 3],
  'small-shops': [7, 11],
};

describe.each(TRACE_WORLDS)('the world $name', (world) => {
  const timed = Array.from(trace(world, OPTIONS));
  const events = timed.map(({ event }) => event);
  const slots = slotsOf(events);
  const lots = lotsOf(events);

  const lines = (options: typeof FEW) =>
    Array.from(trace(world, options), ({ event }) => writeTraceLine(event));

  it('is the same byte for byte from the same options', () => {
    expect(lines(FEW)).toEqual(lines(FEW));
  });

  it('is another from another seed', () => {
    expect(lines({ ...FEW, seed: '2' })).not.toEqual(lines(FEW));
  });

  it('stays the same for all others with one merchant more', () => {
    const newcomer = `"merchantId":"m${FEW.merchants + 1}"`;
    const more = lines({ ...FEW, merchants: FEW.merchants + 1 });
    const others = more.filter((line) => !line.includes(newcomer));
    expect(others.length).toBeLessThan(more.length);
    expect(others).toEqual(lines(FEW));
  });

  it('is what a reader of traces takes', () => {
    const reader = new TraceReader();
    events.forEach((event, i) => {
      const line = writeTraceLine(event);
      if (writeTraceLine(reader.read(line, i + 1)) !== line)
        throw new Error(`read as another: ${line}`);
    });
    reader.end();
  });

  it('stands in the order of time, each merchant ahead of what is theirs', () => {
    const there = new Set<string>();
    let latestMs = -Infinity;
    for (const { atMs, event } of timed) {
      if (event.kind === 'merchant') there.add(event.merchantId);
      if (atMs < latestMs || !there.has(event.merchantId))
        throw new Error(`comes too early or late: ${writeTraceLine(event)}`);
      latestMs = atMs;
    }
  });

  it('keeps within its days', () => {
    const { startMs, endMs } = spanOf(world, OPTIONS.days);
    expect(timed[0]!.atMs).toBeGreaterThanOrEqual(startMs);
    expect(timed.at(-1)!.atMs).toBeLessThan(endMs);
  });

  it('has merchants, streams, videos, clips and all units of traffic', () => {
    expect(events.filter(({ kind }) => kind === 'merchant')).toHaveLength(
      OPTIONS.merchants,
    );
    expect(new Set(slots.map(({ targetKind }) => targetKind)).size).toBe(3);
    expect(new Set(lots.map(({ unit }) => unit)).size).toBe(3);
  });

  it('has room and rates as a platform of small merchants has', () => {
    const range = (of: (slot: TraceSlot) => number) => {
      const values = slots.map(of).toSorted((a, b) => a - b);
      return { least: values[0]!, most: values.at(-1)! };
    };
    const anHour = range(
      ({ capacity, untilMs, atMs }) => capacity / ((untilMs - atMs) / HOUR_MS),
    );
    // Capacity is whole, slots are half an hour at least: 1 either way.
    expect(anHour.least).toBeGreaterThan(world.leastRoomPerHour - 1);
    expect(anHour.most).toBeLessThan(200_000 + 1);
    const rates = range(topRate);
    expect(rates.least).toBeGreaterThanOrEqual(500);
    expect(rates.most).toBeLessThanOrEqual(30_000);
    expect(range(({ segments }) => segments.length)).toEqual({
      least: 2,
      most: 5,
    });
  });

  it('has so much more room than traffic', () => {
    const traffic = lots.reduce((sum, { amount }) => sum + amount, 0);
    const [least, most] = ROOM_TO_TRAFFIC[world.name]!;
    expect(roomOf(slots) / traffic).toBeGreaterThan(least);
    expect(roomOf(slots) / traffic).toBeLessThan(most);
  });

  it('has noise about 1 that is spread as it says', () => {
    const noises = slots.map(({ noise }) => noise);
    const mean = noises.reduce((sum, noise) => sum + noise) / noises.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(Math.sqrt(spread(noises.map(Math.log)))).toBeCloseTo(
      world.noiseSigma,
      1,
    );
  });

  it('can be foreseen in part: merchant, placement and target tell of what a slot brings', () => {
    const outcomes = slots.map((slot) => Math.log(topRate(slot) * slot.noise));
    const byMerchant = spread(outcomes, (i) => slots[i]!.merchantId);
    const byTarget = spread(outcomes, (i) => slots[i]!.targetId);
    const foreseen = 1 - byTarget / byMerchant;
    expect(foreseen).toBeGreaterThan(0.3);
    expect(foreseen).toBeLessThan(0.85);
  });

  it('has no one shape of diminishing returns', () => {
    const drops = slots.map(
      ({ segments }) =>
        segments[1]!.gmvMinorPerThousand / segments[0]!.gmvMinorPerThousand,
    );
    const firstShares = slots.map(
      ({ segments, capacity }) => segments[0]!.impressions / capacity,
    );
    expect(Math.sqrt(spread(drops))).toBeGreaterThan(0.1);
    expect(Math.sqrt(spread(firstShares))).toBeGreaterThan(0.1);
  });
});

function topRate({ segments }: TraceSlot): number {
  return segments[0]!.gmvMinorPerThousand;
}
