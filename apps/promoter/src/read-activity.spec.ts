import { shardOf, TOPICS, writeEvent } from '@app/contracts';
import type { ReceivedMessage } from '@app/streaming';
import { readActivity } from './read-activity.js';

const SHARDS = 64;
const MERCHANT = 'm1';
const AT_MS = Date.parse('2026-11-11T12:00:00Z');
const ORDER = { orderId: 'o1', amountMinor: 9_900, channel: 'shelf' };

describe('activity, as the projector reads it', () => {
  it('is something to act on where it says what a merchant is, and where traffic can go', () => {
    const started = { sessionId: 's1', followers: 7 };
    expect(read('live.started', started)).toMatchObject({
      kind: 'activity',
      position: 5n,
      read: {
        ok: true,
        event: { type: 'live.started', merchantId: MERCHANT, data: started },
      },
    });
  });

  it('is the time, and no more, where it is anything else', () => {
    expect(read('order.paid', ORDER)).toEqual({
      kind: 'time',
      position: 5n,
      merchantId: MERCHANT,
      atMs: AT_MS,
    });
  });

  it('is nothing where it cannot be read or is of another shard', () => {
    expect(read('order.paid', { ...ORDER, amountMinor: -1 })).toBeNull();
    expect(read('live.started', {})).toBeNull();
    const elsewhere = (shardOf(MERCHANT, SHARDS) + 1) % SHARDS;
    expect(read('order.paid', ORDER, elsewhere)).toBeNull();
  });
});

function read(
  type: string,
  data: object,
  partition = shardOf(MERCHANT, SHARDS),
) {
  const { key, value, headers } = writeEvent({
    specversion: '1.0',
    source: 'urn:test',
    id: 'e1',
    type,
    subject: MERCHANT,
    time: '2026-11-11T20:00:00+08:00',
    data,
  });
  const message: ReceivedMessage = {
    topic: TOPICS.activity,
    partition,
    position: 5n,
    key: Buffer.from(key),
    value: Buffer.from(value),
    headers,
  };
  return readActivity(message, SHARDS);
}
