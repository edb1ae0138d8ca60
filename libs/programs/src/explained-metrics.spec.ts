import { explainEntry, move } from '@app/ledger';
import { METRICS } from './program.js';

/** The ledger cannot import metrics: it knows them by their names alone. */
it.each(METRICS)('%s is told by its name in Chinese', (metric) => {
  const { zh } = explainEntry({
    merchantId: 'm1',
    occurredAt: new Date(0),
    postings: move('ANY_IMP', 1n, 'pool:p', 'available'),
    cause: {
      type: 'goal_reached',
      program: 'p',
      version: 1,
      goal: 'g',
      tier: 't',
      period: 'window',
      metric,
      value: 1,
      threshold: 1,
      promised: 1,
      poolRanDry: false,
      events: [],
    },
  });
  expect(zh).not.toContain(metric);
});
