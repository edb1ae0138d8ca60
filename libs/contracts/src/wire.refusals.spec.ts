import { binary, ORDER_PAID, structured } from '../test/messages.js';
import { MAX_IDENTIFIER_LENGTH, MAX_MESSAGE_BYTES } from './cloud-event.js';
import { activityContract, deliveryContract } from './event.js';
import { readEvent, type WireMessage } from './wire.js';

function refusal(message: WireMessage): string {
  const result = readEvent(activityContract, message);
  return result.ok ? 'taken' : `${result.refusal}: ${result.detail}`;
}

function refusalOf(change: object): string {
  return refusal(structured({ ...ORDER_PAID, ...change }));
}

function refusalOfData(change: object): string {
  return refusalOf({ data: { ...ORDER_PAID.data, ...change } });
}

/** JSON as no serializer of ours would write it. */
function refusalOfDataJson(json: string): string {
  const document = JSON.stringify({ ...ORDER_PAID, data: 0 });
  return refusal({
    value: Buffer.from(document.replace('"data":0', `"data":${json}`)),
  });
}

describe('a message is refused', () => {
  it('where it has no value', () => {
    expect(refusal({ value: null })).toMatch(/^empty: /);
    expect(refusal({ value: Buffer.alloc(0) })).toMatch(/^empty: /);
  });

  it('where it is over the size limit, and not at it', () => {
    const sized = (bytes: number) => ({ value: Buffer.alloc(bytes, '1') });
    expect(refusal(sized(MAX_MESSAGE_BYTES))).toMatch(/^not_a_cloudevent: /);
    expect(refusal(sized(MAX_MESSAGE_BYTES + 1))).toBe(
      'too_large: the value is over 262144 bytes',
    );
  });

  it('where it is no JSON', () => {
    expect(refusal({ value: Buffer.from('{"id":') })).toMatch(/^not_json: /);
  });

  it('where it is no UTF-8', () => {
    const { value } = structured({ ...ORDER_PAID, subject: 'm@' });
    value![value!.indexOf('@')] = 0xff;
    expect(refusal({ value })).toMatch(/^not_json: .*utf-8/);
  });

  it.each(['null', '7', '"text"', '[]'])('where it is %s', (json) => {
    expect(refusal({ value: Buffer.from(json) })).toMatch(
      /^not_a_cloudevent: /,
    );
  });
});

describe('an event is refused', () => {
  it.each(['specversion', 'source', 'id', 'type', 'subject', 'time'] as const)(
    'without %s, in either mode',
    (attribute) => {
      const { [attribute]: _, ...rest } = ORDER_PAID;
      const named = new RegExp(`^not_a_cloudevent: (.*; )?${attribute}: `);
      expect(refusal(structured(rest))).toMatch(named);
      const message = binary(ORDER_PAID);
      message.headers![`ce_${attribute}`] = undefined;
      expect(refusal(message)).toMatch(/^not_a_cloudevent: /);
    },
  );

  it.each([
    ['of another CloudEvents version', { specversion: '0.3' }, 'specversion'],
    ['with an empty id', { id: '' }, 'id'],
    ['with a control character', { subject: 'm\n1' }, 'subject'],
    ['with the NUL that no text column takes', { id: 'a\0b' }, 'id'],
    ['with half a character', { source: '\ud83d' }, 'source'],
    ['of a time without an offset', { time: '2024-11-11T00:00:00' }, 'time'],
    ['of a day without a time', { time: '2024-11-11' }, 'time'],
    ['of a day that is none', { time: '2024-02-30T00:00:00Z' }, 'time'],
    ['from before 2000', { time: '1999-12-31T23:59:59Z' }, 'time'],
    ['from 2100', { time: '2100-01-01T00:00:00Z' }, 'time'],
  ])('%s', (_, change, attribute) => {
    expect(refusalOf(change)).toMatch(
      new RegExp(`^not_a_cloudevent: ${attribute}: `),
    );
  });

  it('where an identifier is longer than keys may be', () => {
    const longest = 'i'.repeat(MAX_IDENTIFIER_LENGTH);
    expect(refusalOf({ id: longest })).toBe('taken');
    expect(refusalOf({ id: `${longest}i` })).toMatch(/^not_a_cloudevent: id: /);
  });

  it('where a header is no UTF-8, which two identifiers could be read from', () => {
    const message = binary(ORDER_PAID);
    message.headers!['ce_id'] = Buffer.from([0xff]);
    expect(refusal(message)).toMatch(/^not_a_cloudevent: id: /);
  });

  it('of a type that is not of its topic', () => {
    expect(refusalOf({ type: 'order.lost' })).toBe(
      'unknown_type: type: no event "order.lost" here',
    );
    expect(refusalOf({ type: 'constructor' })).toMatch(/^unknown_type: /);
    expect(readEvent(deliveryContract, structured(ORDER_PAID))).toMatchObject({
      refusal: 'unknown_type',
    });
  });
});

describe('data is refused, with the name of its field', () => {
  it.each([
    ['an amount of 2^53', { amountMinor: 2 ** 53 }],
    ['an amount below zero', { amountMinor: -1 }],
    ['a part of a fen', { amountMinor: 0.5 }],
    ['an amount in a string', { amountMinor: '4200' }],
    ['no amount', { amountMinor: undefined }],
  ])('%s', (_, change) => {
    expect(refusalOfData(change)).toMatch(/^invalid_data: data\.amountMinor: /);
  });

  it('an unknown channel', () => {
    expect(refusalOfData({ channel: 'radio' })).toMatch(
      /^invalid_data: data\.channel: /,
    );
  });

  it('a field within a field', () => {
    const data = { target: { kind: 'planet', id: 'x' }, reason: 'fraud' };
    expect(refusalOf({ type: 'risk.flagged', data })).toMatch(
      /^invalid_data: data\.target\.kind: /,
    );
  });

  it('no data at all', () => {
    expect(refusalOf({ data: undefined })).toMatch(/^invalid_data: data: /);
  });

  it.each([
    ['a number beyond all doubles', '1e400'],
    ['nesting without end', '['.repeat(50_000) + ']'.repeat(50_000)],
  ])('%s, also in a field that nobody reads', (_, json) => {
    const data = JSON.stringify({ ...ORDER_PAID.data, extra: 0 });
    expect(
      refusalOfDataJson(data.replace('"extra":0', `"extra":${json}`)),
    ).toMatch(/^invalid_data: data: /);
  });
});
