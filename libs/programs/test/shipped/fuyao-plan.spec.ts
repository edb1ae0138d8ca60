import type { ActivityEvent } from '@app/contracts';
import { flagged, paid, refunded, started } from '../activity.js';
import { lived } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('fuyao-plan');
const START = started('s1', '2026-11-11T20:00:00', { followers: 100 });

/** @param minute after eight in the evening */
function sold(
  orderId: string,
  minute: number,
  amountMinor: number,
  sessionId = 's1',
): ActivityEvent {
  const time = `2026-11-11T20:${String(minute).padStart(2, '0')}:00`;
  return paid(orderId, time, amountMinor, { channel: 'live', sessionId });
}

describe('the Fuyao plan', () => {
  it('pays tiers of orders and sales of one stream while it runs', () => {
    const granter = lived(PROGRAM, [
      START,
      sold('o1', 1, 40_000),
      sold('o2', 2, 60_000),
      sold('o3', 3, 1_900_000),
    ]);
    expect(granter.grants()).toEqual([
      'gmv-1000: 3000 LIVE_IMP',
      '3-orders: 2000 LIVE_IMP',
      'gmv-20000: 47000 LIVE_IMP',
    ]);
    const DAY_MS = 24 * 3_600_000;
    granter.lots.forEach(({ expiresAtMs }, i) =>
      expect(expiresAtMs).toBe(granter.drafts[i]!.occurredAtMs + DAY_MS),
    );
  });

  it('counts each stream by itself, and what belongs to none not at all', () => {
    const none = paid('o4', '2026-11-11T20:30:00', 900_000, {
      channel: 'live',
    });
    const orders = [
      sold('o1', 1, 1),
      sold('o2', 2, 1),
      sold('o3', 3, 1, 's2'),
      none,
    ];
    expect(lived(PROGRAM, [START, ...orders]).grants()).toEqual([]);
  });

  it('pays nobody with less than 100 followers', () => {
    const start = started('s1', '2026-11-11T20:00:00', { followers: 99 });
    expect(lived(PROGRAM, [start, sold('o1', 1, 100_000)]).grants()).toEqual(
      [],
    );
  });

  it('takes back all that the goal paid for the stream with one refund below a tier, for good', () => {
    const granter = lived(PROGRAM, [
      START,
      sold('o1', 1, 100_000),
      sold('o2', 2, 1),
      sold('o3', 3, 1),
      refunded('o3', '2026-11-12T10:00:00', 1),
    ]);
    granter.take([sold('o4', 4, 1), sold('o5', 5, 1)]);
    expect(granter.grants()).toEqual([
      'gmv-1000: 3000 LIVE_IMP',
      '3-orders: 2000 LIVE_IMP',
      // Sales are still at the tier that they have paid.
      'stream-orders: -2000 LIVE_IMP',
    ]);
  });

  it('takes back everything of a stream that is flagged, from its start on', () => {
    const flag = flagged('session', 's1', '2026-11-12T10:00:00');
    const other = sold('o2', 2, 100_000, 's2');
    const events = [START, sold('o1', 1, 2_000_000), other, flag];
    expect(lived(PROGRAM, events).grants()).toEqual([
      'gmv-20000: 50000 LIVE_IMP',
      'gmv-1000: 3000 LIVE_IMP',
      'stream-gmv: -50000 LIVE_IMP',
    ]);
  });

  it('grants 2,000,000 a day at most', () => {
    const orders = ['s1', 's2', 's3', 's4', 's5'].map((sessionId, i) =>
      sold(`o${i}`, i, 20_000_000, sessionId),
    );
    const granter = lived(PROGRAM, [START, ...orders]);
    expect(granter.grants()).toEqual([
      'gmv-200000: 600000 LIVE_IMP',
      'gmv-200000: 600000 LIVE_IMP',
      'gmv-200000: 600000 LIVE_IMP',
      'gmv-200000: 200000 LIVE_IMP',
    ]);
    expect(granter.drafts[3]?.cause).toMatchObject({ capped: true });
    expect(granter.unpaid).toMatchObject([
      { period: 'session:s5', promised: 600_000n, because: 'capped' },
    ]);
  });
});
