import type { ActivityEvent } from '@app/contracts';
import { DryRun, parseProgram, type Program } from '@app/programs';
import { dryRunText } from './dry-run-text.js';

const SHANGHAI = {
  span: { fromMs: -Infinity, untilMs: Infinity },
  zone: 'Asia/Shanghai',
};

function program(version: number, tier: string, amount: number): Program {
  return parseProgram(
    `
program: daily
version: ${version}
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 10000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: ${tier}, at: 1, rewards: [{ unit: ANY_IMP, amount: ${amount}, expiresAfterDays: 7 }] }
`,
    'daily.yaml',
  );
}

function orderOf(merchantId: string): ActivityEvent {
  return {
    source: '/orders',
    id: merchantId,
    type: 'order.paid',
    merchantId,
    occurredAtMs: Date.parse('2026-11-01T12:00:00+08:00'),
    data: { orderId: merchantId, amountMinor: 1, channel: 'shelf' },
  };
}

function text(
  merchants: readonly string[],
  running: Program | null,
  options = SHANGHAI,
): string {
  const run = new DryRun({
    draft: program(2, 'first', 1_500),
    running,
    span: options.span,
    top: 1,
  });
  run.beginShard(0, () => false);
  for (const merchantId of merchants)
    run.take({
      event: orderOf(merchantId),
      reference: { topic: 't', partition: 0, offset: '0', source: '', id: '' },
    });
  run.endShard();
  return dryRunText(run.result(), options);
}

describe('what people read of a dry run', () => {
  it('puts a draft beside what runs', () => {
    expect(text(['a', 'b'], program(1, 'one', 1_000))).toBe(`\
daily version 2 beside version 1
2 events of 2 merchants, from 2026-11-01T12:00:00+08:00 to 2026-11-01T12:00:00+08:00

                       version 2  version 1  difference
merchants eligible             2          2           0
merchants reached              2          2           0

ANY_IMP
  pool                    10,000     10,000           0
  granted                  3,000      2,000      +1,000
  net                      3,000      2,000      +1,000
  a merchant, p50          1,500      1,000        +500
  a merchant, p90          1,500      1,000        +500
  a merchant, p99          1,500      1,000        +500
  a merchant, at most      1,500      1,000        +500

goal    tier   unit     grants  version 2  grants  version 1  difference
orders  first  ANY_IMP       2      3,000                         +3,000
orders  one    ANY_IMP                          2      2,000      -2,000

ANY_IMP as 2 merchants keep it
  1,000  to 1,999  2  ██████████████████████████████

ANY_IMP: who keeps the most
  a  1,500

ANY_IMP: 2 keep more, 0 less, 0 as much
  a  1,500  1,000  +500
`);
  });

  it('says what was left unpaid, of a draft alone', () => {
    const many = Array.from({ length: 8 }, (_, i) => `m${i}`);
    const said = text(many, null);
    expect(said).toContain('daily version 2\n8 events of 8 merchants');
    expect(said).toMatch(/^ {2}unpaid, the pool was dry +2,000$/m);
    expect(said).not.toContain('difference');
  });

  it('says where there was nothing', () => {
    expect(text([], null)).toBe('no activity yet\n');
    const span = {
      fromMs: Date.parse('2026-12-01T00:00:00+08:00'),
      untilMs: Date.parse('2026-12-02T00:00:00+08:00'),
    };
    expect(text(['a'], null, { ...SHANGHAI, span })).toBe(
      'no activity from 2026-12-01T00:00:00+08:00 to 2026-12-02T00:00:00+08:00\n',
    );
  });
});
