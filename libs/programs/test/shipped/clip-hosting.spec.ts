import type { ActivityEvent } from '@app/contracts';
import { happened } from '../activity.js';
import { lived } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('clip-hosting');

/** So many different videos, a minute apart from noon on. */
function published(
  count: number,
  day: string,
  what: { shoppable: boolean; isClip: boolean },
): ActivityEvent[] {
  const clip = { sessionId: 's1', kind: 'highlight' } as const;
  return Array.from({ length: count }, (_, i) =>
    happened(
      'video.published',
      new Date(Date.parse(`${day}T12:00:00+08:00`) + i * 60_000).toISOString(),
      {
        videoId: `video ${i} of ${day}`,
        shoppable: what.shoppable,
        ...(what.isClip ? { clip } : {}),
      },
    ),
  );
}

const clips = (count: number, day: string) =>
  published(count, day, { shoppable: false, isClip: true });
const shoppable = (count: number, day: string) =>
  published(count, day, { shoppable: true, isClip: false });

describe('clip hosting', () => {
  it('pays 500 VIDEO_IMP for every two clips of a day', () => {
    const days = [...clips(3, '2026-11-02'), ...clips(5, '2026-11-03')];
    expect(lived(PROGRAM, days).grants()).toEqual(
      Array(3).fill('every: 500 VIDEO_IMP'),
    );
  });

  it('pays for twenty clips of a day and no more', () => {
    expect(lived(PROGRAM, clips(25, '2026-11-02')).grants()).toHaveLength(10);
  });

  it('counts a clip once, however often it is published', () => {
    const twice = [...clips(1, '2026-11-02'), ...clips(1, '2026-11-02')];
    expect(lived(PROGRAM, twice).grants()).toEqual([]);
  });

  it('pays for 5 shoppable videos of a week, clips or not', () => {
    const both = published(1, '2026-11-04', { shoppable: true, isClip: true });
    const week = [
      ...shoppable(2, '2026-11-02'),
      ...shoppable(2, '2026-11-03'),
      ...both,
    ];
    const granter = lived(PROGRAM, week);
    expect(granter.grants()).toEqual(['5-videos: 4000 VIDEO_IMP']);
    const DAYS_MS = 14 * 24 * 3_600_000;
    expect(granter.lots).toMatchObject([
      { expiresAtMs: both[0]!.occurredAtMs + DAYS_MS },
    ]);
  });

  it('pays 20,000 a day at most, clips and videos together', () => {
    const granter = lived(PROGRAM, [
      ...shoppable(30, '2026-11-02'),
      ...(clips(4, '2026-11-02').map((event) => ({
        ...event,
        data: { ...event.data, videoId: `clip ${event.id}` },
      })) as ActivityEvent[]),
    ]);
    expect(granter.grants()).toEqual([
      'every: 500 VIDEO_IMP',
      'every: 500 VIDEO_IMP',
      '5-videos: 4000 VIDEO_IMP',
      '30-videos: 15000 VIDEO_IMP',
    ]);
    expect(granter.drafts.at(-1)?.cause).toMatchObject({
      promised: 20_000,
      capped: true,
    });
  });
});
