import type { Forecast } from '@app/promotion';
import { forecastText } from './forecast-text.js';

const none: Forecast = { atMs: 0, enabled: true, days: [], remedies: [] };
const some: Forecast = {
  atMs: 0,
  enabled: false,
  days: [
    { day: '2024-11-12', unit: 'LIVE_IMP', left: 4_000, expiring: 0 },
    { day: '2024-11-13', unit: 'ANY_IMP', left: 20_000, expiring: 20_000 },
  ],
  remedies: [
    { kind: 'switch_on', uses: 5_000 },
    {
      kind: 'show_more',
      day: '2024-11-13',
      unit: 'ANY_IMP',
      uses: 15_000,
      hours: { live: 2, short_video: 8 },
    },
  ],
};

describe('a forecast for people', () => {
  it('is a line for each day and unit, and what would use it', () => {
    expect(forecastText('m1', some, 'en')).toBe(
      `m1, the switch is off (days of Asia/Shanghai)

expires on  unit                 left now  will expire unused
2024-11-12  live                    4,000                   0
2024-11-13  live or short video    20,000              20,000

What would use it, each on top of those above:
- turning the switch on: 5,000
- 2 h of streaming or 8 h of videos more by 2024-11-13: 15,000 (live or short video)
`,
    );
    expect(forecastText('m1', some, 'zh')).toContain(
      '- 2024-11-13前多直播2小时，或投放短视频8小时：15,000（通用曝光）',
    );
  });

  it('says so where nothing can expire, or nothing will', () => {
    expect(forecastText('m1', none, 'en')).toBe(
      'm1 has no traffic that could expire.\n',
    );
    expect(forecastText('m1', none, 'zh')).toBe('m1没有会过期的流量。\n');
    expect(forecastText('m1', { ...some, remedies: [] }, 'en')).toContain(
      'All of it is expected to be used.',
    );
  });
});
