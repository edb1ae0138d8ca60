import fc from 'fast-check';
import { anyActivity } from '../test/arbitraries.js';
import {
  buildEvent,
  eventBuilders,
  InvalidEventError,
  type EventBuilders,
} from './build-event.js';
import {
  activityContract,
  deliveryContract,
  type ActivityEvent,
} from './event.js';
import { readEvent, writeEvent } from './wire.js';

const ORDER = {
  id: 'payment-1',
  merchantId: 'm-42',
  occurredAtMs: Date.parse('2024-11-11T20:15:03+08:00'),
  data: { orderId: 'o-1', amountMinor: 4_200, channel: 'live' },
} as const;

describe('an event that is built', () => {
  const orders = eventBuilders(activityContract, 'urn:platform:orders');

  it('is a CloudEvent of its source and type', () => {
    expect(orders['order.paid'](ORDER)).toEqual({
      specversion: '1.0',
      source: 'urn:platform:orders',
      id: 'payment-1',
      type: 'order.paid',
      subject: 'm-42',
      time: '2024-11-11T12:15:03.000Z',
      data: ORDER.data,
    });
  });

  it('has a builder for each type of its topic', () => {
    const reports = eventBuilders(deliveryContract, 'urn:ads');
    expect(Object.keys(reports)).toEqual(Object.keys(deliveryContract.schemas));
    expect(Object.keys(orders)).toEqual(Object.keys(activityContract.schemas));
  });

  it('is read as it was said, in both modes', () => {
    fc.assert(
      fc.property(anyActivity, (sample) => {
        const { source, id, type, subject, time, data } = sample;
        const said = {
          source,
          id,
          type,
          merchantId: subject,
          occurredAtMs: Date.parse(time),
          data,
        } as ActivityEvent;
        const built = buildEvent(activityContract, said);
        for (const mode of ['structured', 'binary'] as const) {
          const { key, value, headers } = writeEvent(built, mode);
          expect(key).toBe(subject);
          const message = { value: Buffer.from(value), headers };
          const read = readEvent(activityContract, message);
          expect(read.ok && read.event).toEqual(said);
        }
      }),
    );
  });

  it('carries the fields that its type does not know', () => {
    const data = { ...ORDER.data, coupon: 'c-1' };
    expect(orders['order.paid']({ ...ORDER, data }).data).toEqual(data);
  });

  type Said = Parameters<EventBuilders<ActivityEvent>['order.paid']>[0];
  it.each<[string, Partial<Said>, string]>([
    [
      'a negative amount',
      { data: { ...ORDER.data, amountMinor: -1 } },
      'data.amountMinor: Too small',
    ],
    ['no id', { id: '' }, 'id: '],
    ['a merchant of two lines', { merchantId: 'm\n1' }, 'subject: must not'],
    ['a time long ago', { occurredAtMs: 0 }, 'time: must lie between'],
    ['no time', { occurredAtMs: Number.NaN }, 'time: Invalid'],
  ])('is refused with %s, by the name of the field', (_, wrong, detail) => {
    const build = () => orders['order.paid']({ ...ORDER, ...wrong });
    expect(build).toThrow(InvalidEventError);
    expect(build).toThrow(`order.paid ${wrong.id ?? ORDER.id}: ${detail}`);
  });

  it('is refused where its topic has no such type', () => {
    const event = { ...ORDER, source: 's', type: 'order.lost' };
    expect(() =>
      buildEvent(activityContract, event as unknown as ActivityEvent),
    ).toThrow('order.lost payment-1: type: no event "order.lost" here');
  });
});
