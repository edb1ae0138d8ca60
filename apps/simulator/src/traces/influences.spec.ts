import { DAY_MS, HOUR_MS } from '../world/calendar.js';
import { Random } from '../world/random.js';
import { together } from './influence.js';
import {
  breaks,
  drift,
  during,
  migration,
  outages,
  weekends,
} from './influences.js';

const startMs = Date.parse('2024-09-02T00:00:00+08:00');
const span = { startMs, endMs: startMs + 28 * DAY_MS };
const random = () => new Random('influences');
const hours = Array.from({ length: 28 * 24 }, (_, i) => startMs + i * HOUR_MS);

describe('influences', () => {
  it('multiply each other, and leave alone what they do not name', () => {
    const sale = during(startMs, startMs + DAY_MS, { rate: 2, room: 3 });
    const crowd = during(startMs, startMs + 2 * DAY_MS, { room: 2 });
    const effectAt = together(
      [sale, crowd].map((draw) => draw(random(), span)),
    );
    expect(effectAt(startMs, 'live')).toEqual({
      room: 6,
      rate: 2,
      streaming: 1,
    });
    expect(effectAt(startMs + DAY_MS, 'live').room).toBe(2);
    expect(effectAt(startMs + 2 * DAY_MS, 'live').room).toBe(1);
  });

  it('know weekends by the days of Asia/Shanghai', () => {
    const influence = weekends({ room: 2 })(random(), span);
    const saturdayMs = startMs + 5 * DAY_MS;
    expect(influence(saturdayMs - 1, 'live')).toBeUndefined();
    expect(influence(saturdayMs, 'live')).toEqual({ room: 2 });
    expect(influence(saturdayMs + 2 * DAY_MS - 1, 'live')).toEqual({ room: 2 });
    expect(influence(saturdayMs + 2 * DAY_MS, 'live')).toBeUndefined();
  });

  it('take all room away in an outage, for some hours a week', () => {
    const influence = outages(2, [3, 3])(random(), span);
    const down = hours.filter((atMs) => influence(atMs, 'live')?.room === 0);
    expect(down.length).toBeGreaterThan(6);
    expect(down.length).toBeLessThan(60);
  });

  it('move an audience from nothing to all of it', () => {
    const influence = migration(0.5, 2, {
      live: { room: 0.5 },
      short_video: { room: 2 },
    })(random(), span);
    expect(influence(span.startMs, 'live')?.room).toBeCloseTo(1, 3);
    expect(influence(span.endMs, 'live')?.room).toBeCloseTo(0.5, 3);
    expect(influence(span.endMs, 'short_video')?.room).toBeCloseTo(2, 3);
  });

  it('break the rates of as many merchants as they say, up as often as down', () => {
    const source = breaks(0.5, [2, 3], { share: 0, days: [1, 2] });
    const ends = Array.from({ length: 400 }, (_, i) =>
      source(new Random(`${i}`), span)(span.endMs, 'live'),
    );
    const broken = ends.filter((effect) => effect !== undefined);
    expect(broken.length / ends.length).toBeCloseTo(0.5, 1);
    const up = broken.filter(({ rate }) => rate! >= 2 && rate! <= 3);
    const down = broken.filter(({ rate }) => rate! >= 1 / 3 && rate! <= 0.5);
    expect(up.length + down.length).toBe(broken.length);
    expect(up.length / broken.length).toBeCloseTo(0.5, 0);
  });

  it('let rates drift within their swing', () => {
    const influence = drift(0.2, [5, 5])(random(), span);
    const rates = hours.map((atMs) => influence(atMs, 'live')!.rate!);
    expect(Math.max(...rates)).toBeCloseTo(Math.exp(0.2), 2);
    expect(Math.min(...rates)).toBeCloseTo(Math.exp(-0.2), 2);
  });
});
