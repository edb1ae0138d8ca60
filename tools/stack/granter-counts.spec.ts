import { countsOf } from './granter-counts.js';

describe('counts of a granter', () => {
  it('are read off its metrics', () => {
    expect(
      countsOf(
        [
          '# HELP granter_late_events_total Events that came too late',
          '# TYPE granter_late_events_total counter',
          'granter_late_events_total 3',
          'granter_unpaid_rewards_total{because="pool_dry"} 2',
          'granter_unpaid_rewards_total{because="capped"} 5',
          'granter_cold_starts_total{program="launch",outcome="granted"} 11',
          'granter_cold_starts_total{program="launch",outcome="pool_dry"} 1',
          'granter_cold_starts_total{program="launch",outcome="not_eligible"} 20',
          'granter_cold_starts_total{program="launch",outcome="late"} 4',
          'granter_cold_starts_total{program="all-year",outcome="granted"} 7',
          'granter_cold_start_slowest_seconds{program="launch"} 0.812',
          '',
        ].join('\n'),
      ),
    ).toEqual({
      late: 3,
      unpaid: 7,
      coldStarts: [
        {
          program: 'all-year',
          eligible: 7,
          granted: 7,
          slowestSeconds: null,
        },
        {
          program: 'launch',
          eligible: 12,
          granted: 11,
          slowestSeconds: 0.812,
        },
      ],
    });
  });

  it('are none of one that has counted nothing', () => {
    expect(countsOf('')).toEqual({ late: 0, unpaid: 0, coldStarts: [] });
  });
});
