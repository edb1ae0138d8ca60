import { RequestCounts } from './request-counts.js';

const WINDOW_MS = 60_000;

describe('RequestCounts', () => {
  let nowMs: number;
  let counts: RequestCounts;
  const requestsOf = (key: string) => counts.count(key).requests;

  beforeEach(() => {
    nowMs = 1_000_000;
    counts = new RequestCounts(WINDOW_MS, () => nowMs);
  });

  it('counts each key by itself', () => {
    expect([requestsOf('a'), requestsOf('a'), requestsOf('b')]).toEqual([
      1, 2, 1,
    ]);
  });

  it('counts from none again a window after the first request of the key', () => {
    requestsOf('other');
    nowMs += WINDOW_MS / 2;
    expect(counts.count('a')).toEqual({
      requests: 1,
      endsAtMs: nowMs + WINDOW_MS,
    });
    nowMs += WINDOW_MS - 1;
    expect(requestsOf('a')).toBe(2);
    nowMs += 1;
    expect(requestsOf('a')).toBe(1);
  });

  it('forgets keys that have not come for two windows', () => {
    for (let i = 0; i < 1_000; i += 1) requestsOf(`key ${i}`);
    nowMs += 2 * WINDOW_MS;
    requestsOf('a');
    nowMs += WINDOW_MS;
    requestsOf('a');
    expect(counts.keysKept).toBeLessThanOrEqual(2);
  });
});
