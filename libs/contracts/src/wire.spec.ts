import { binary, ORDER_PAID, structured } from '../test/messages.js';
import { activityContract, type ActivityEvent } from './event.js';
import { contentHash, eventKey } from './identity.js';
import { readEvent, type ReadResult, type WireMessage } from './wire.js';

type Read = Extract<ReadResult<ActivityEvent>, { ok: true }>;

function read(message: WireMessage): Read {
  const result = readEvent(activityContract, message);
  expect(result).toMatchObject({ ok: true });
  return result as Read;
}

describe('reading an event off the wire', () => {
  it('gives what it says, whose it is, and when it happened', () => {
    const { event, key, hash } = read(structured(ORDER_PAID));
    expect(event).toEqual({
      source: 'orders',
      id: 'paid-1',
      type: 'order.paid',
      merchantId: 'merchant-1',
      occurredAtMs: Date.parse('2024-11-10T16:00:00Z'),
      data: ORDER_PAID.data,
    });
    expect(key).toEqual(eventKey('orders', 'paid-1'));
    expect(hash).toEqual(contentHash(event));
  });

  it('gives the same event, key and hash in structured and in binary mode', () => {
    expect(read(binary(ORDER_PAID))).toEqual(read(structured(ORDER_PAID)));
  });

  it('takes a document without a content type for structured mode', () => {
    const { value } = structured(ORDER_PAID);
    expect(read({ value })).toEqual(read(structured(ORDER_PAID)));
  });

  it('takes the same instant under any offset for the same content', () => {
    const elsewhere = { ...ORDER_PAID, time: '2024-11-10T16:00:00.000Z' };
    expect(read(structured(elsewhere))).toEqual(read(structured(ORDER_PAID)));
  });

  it('takes the same fact under another id for another event of the same content', () => {
    const original = read(structured(ORDER_PAID));
    const again = read(structured({ ...ORDER_PAID, id: 'paid-2' }));
    expect(again.hash).toEqual(original.hash);
    expect(again.key).not.toEqual(original.key);
  });

  it('lets unknown fields through, leaves them out of the event, and counts them as content', () => {
    const data = { ...ORDER_PAID.data, coupon: 'c1' };
    const { event, hash } = read(structured({ ...ORDER_PAID, data }));
    expect(event.data).toEqual(ORDER_PAID.data);
    expect(hash).not.toEqual(read(structured(ORDER_PAID)).hash);
  });

  it('lets extensions of CloudEvents through', () => {
    const traced = { ...ORDER_PAID, traceparent: '00-0af7-b7ad-01' };
    expect(read(structured(traced))).toEqual(read(structured(ORDER_PAID)));
    expect(read(binary(traced))).toEqual(read(structured(ORDER_PAID)));
  });

  it('keeps an amount up to 2^53 - 1 to the unit', () => {
    const amountMinor = 2 ** 53 - 1;
    const data = { ...ORDER_PAID.data, amountMinor };
    expect(read(structured({ ...ORDER_PAID, data })).event.data).toEqual(data);
  });
});
