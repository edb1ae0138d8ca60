import fc from 'fast-check';
import { anyActivity } from '../test/arbitraries.js';
import { binary, structured } from '../test/messages.js';
import { activityContract } from './event.js';
import { readEvent, writeEvent } from './wire.js';

describe('whatever a service publishes', () => {
  it('is read as it was written, under its merchant', () => {
    fc.assert(
      fc.property(anyActivity, (event) => {
        const { key, value, headers } = writeEvent(event);
        const result = readEvent(activityContract, {
          key,
          value: Buffer.from(value),
          headers,
        });
        const { source, id, type, subject: merchantId, time, data } = event;
        const occurredAtMs = Date.parse(time);
        expect(result).toMatchObject({
          ok: true,
          event: { source, id, type, merchantId, occurredAtMs, data },
        });
        expect(key).toBe(merchantId);
      }),
    );
  });

  it('is the same in structured and in binary mode', () => {
    fc.assert(
      fc.property(anyActivity, (event) => {
        expect(readEvent(activityContract, binary(event))).toEqual(
          readEvent(activityContract, structured(event)),
        );
      }),
    );
  });
});

describe('whatever else stands on the topic', () => {
  const headers = fc.dictionary(
    fc.constantFrom('content-type', 'ce_specversion', 'ce_id', 'ce_type', 'x'),
    fc.oneof(
      fc.constantFrom(undefined, '1.0', 'application/cloudevents+json'),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.array(fc.string()),
    ),
  );

  it.each([
    ['bytes', fc.uint8Array({ maxLength: 64 })],
    ['JSON', fc.json().map((json) => Buffer.from(json))],
    [
      'JSON in the data of a good event',
      fc
        .tuple(anyActivity, fc.jsonValue())
        .map(([event, data]) => structured({ ...event, data }).value!),
    ],
    [
      'a good event with bytes struck',
      fc
        .tuple(anyActivity, fc.nat(), fc.uint8Array({ maxLength: 4 }))
        .map(([event, at, bytes]) => {
          const value = structured(event).value!;
          value.set(bytes, at % (value.length - bytes.length));
          return value;
        }),
    ],
  ])(
    '%s: it is read or refused with a reason, and never thrown at',
    (_, values) => {
      fc.assert(
        fc.property(values, headers, (bytes, given) => {
          const value = Buffer.from(bytes);
          const result = readEvent(activityContract, { value, headers: given });
          if (!result.ok) expect(result.detail).not.toBe('');
        }),
        { numRuns: 500 },
      );
    },
  );
});
