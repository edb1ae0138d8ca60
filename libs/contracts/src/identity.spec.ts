import fc from 'fast-check';
import { contentHash, eventKey } from './identity.js';

const SAID = {
  type: 'order.paid',
  merchantId: 'm1',
  occurredAtMs: 1,
  data: { orderId: 'o1', amountMinor: 5 },
};

describe('the identity of an event', () => {
  it('is 16 bytes that never change: tables and dead letters keep them', () => {
    expect(eventKey('orders', '1').toString('hex')).toBe(
      '3d02d29472889beda45886c87a283ac8',
    );
    expect(contentHash(SAID).toString('hex')).toBe(
      'b7c06c6ffaa3a70246151132ca98de6c',
    );
  });

  it('differs for any two pairs, also where one begins where the other ends', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '商') });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        fc.pre(b !== '');
        expect(eventKey(a, b + c)).not.toEqual(eventKey(a + b, c));
      }),
    );
  });

  it('tells the source from the id', () => {
    expect(eventKey('a', 'b')).not.toEqual(eventKey('b', 'a'));
  });
});

describe('the content of an event', () => {
  it('is the same in whatever order its fields stand', () => {
    const data = { amountMinor: 5, orderId: 'o1' };
    expect(contentHash({ ...SAID, data })).toEqual(contentHash(SAID));
  });

  it.each([
    { type: 'order.refunded' },
    { merchantId: 'm2' },
    { occurredAtMs: 2 },
    { data: { orderId: 'o1', amountMinor: 6 } },
    { data: { orderId: 'o1', amountMinor: 5, note: null } },
  ])('is another with %o', (change) => {
    expect(contentHash({ ...SAID, ...change })).not.toEqual(contentHash(SAID));
  });
});
