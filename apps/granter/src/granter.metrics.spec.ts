import { Registry } from 'prom-client';
import type { ColdStart } from '@app/programs';
import type { GranterWork } from './grant.js';
import { GranterMetrics } from './granter.metrics.js';

const PUBLISHED_AT_MS = 1_731_290_400_000;

describe('metrics of cold starts', () => {
  const registry = new Registry();
  const metrics = new GranterMetrics(registry);
  const start: ColdStart = {
    merchantId: 'm1',
    program: 'launch',
    outcome: 'granted',
    decidedBy: 0,
  };

  it('count them by outcome, and time those that were granted', async () => {
    metrics.committed(
      [],
      workOf([start, { ...start, merchantId: 'm2' }, notGranted('pool_dry')]),
      PUBLISHED_AT_MS + 800,
    );
    metrics.committed([], workOf([start]), PUBLISHED_AT_MS + 200);
    const text = await registry.metrics();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'granter_cold_starts_total{program="launch",outcome="granted"} 3',
        'granter_cold_starts_total{program="launch",outcome="pool_dry"} 1',
        'granter_cold_start_seconds_count{program="launch"} 3',
        'granter_cold_start_slowest_seconds{program="launch"} 0.8',
      ]),
    );
  });

  it('take a publisher’s clock that is ahead for no time at all', async () => {
    metrics.committed([], workOf([start]), PUBLISHED_AT_MS - 5_000);
    expect(await registry.metrics()).toContain(
      'granter_cold_start_seconds_bucket{le="0.1",program="launch"} 1',
    );
  });

  function notGranted(outcome: ColdStart['outcome']): ColdStart {
    return { ...start, outcome, decidedBy: null };
  }
});

function workOf(coldStarts: readonly ColdStart[]): GranterWork {
  return {
    accepted: [{ message: { publishedAtMs: PUBLISHED_AT_MS } }],
    counts: {
      duplicates: 0,
      forwarded: 0,
      late: 0,
      refused: [],
      unpaid: [],
      coldStarts,
    },
  } as unknown as GranterWork;
}
