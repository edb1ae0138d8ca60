import { readFile } from 'node:fs/promises';
import asyncApi3 from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { anyActivity } from '../../test/arbitraries.js';
import {
  activityContract,
  deliveryContract,
  promotionOrderContract,
  type TopicContract,
} from '../event.js';
import { deadLetterHeaders } from '../dead-letters.js';
import { TOPICS } from '../topics.js';
import { CONTRACT_VERSION } from '../version.js';
import { readEvent, writeEvent } from '../wire.js';
import { asyncApiDocument } from './document.js';

interface Example {
  headers: Record<string, string>;
  payload: unknown;
}
interface Message {
  name: string;
  headers: object;
  examples: Example[];
}
interface Document {
  info: { version: string };
  channels: Record<
    string,
    { address: string; messages: Record<string, { $ref: string }> }
  >;
  components: { messages: Record<string, Message>; schemas: object };
}

const document = asyncApiDocument() as Document;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'document');

const CONTRACTS: TopicContract<unknown>[] = [
  activityContract,
  deliveryContract,
  promotionOrderContract,
];
const MODES = ['structured', 'binary'] as const;

describe('the AsyncAPI document', () => {
  it('is kept beside the code as it follows from the schemas; `vitest -u` mends it', async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
      '../../asyncapi.json',
    );
  });

  it('is one by AsyncAPI 3’s own schema', () => {
    const validate = ajv.compile(asyncApi3);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ ...document, channels: { activity: 1 } })).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    const refs = JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g);
    const missing = [...refs].filter(([, pointer]) => !at(pointer!));
    expect(missing).toEqual([]);
  });

  it('has the version of the npm package', async () => {
    const manifest = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(manifest.version).toBe(CONTRACT_VERSION);
    expect(document.info.version).toBe(CONTRACT_VERSION);
  });

  it('describes every topic, and every event type in both modes', () => {
    const described = Object.values(document.channels).map(
      ({ address, messages }) => [address, Object.keys(messages).sort()],
    );
    expect(Object.fromEntries(described)).toEqual({
      ...Object.fromEntries(
        CONTRACTS.map(({ topic, schemas }) => [
          topic,
          Object.keys(schemas)
            .flatMap((type) => [type, `${type}.binary`])
            .sort(),
        ]),
      ),
      [TOPICS.deadLetters]: ['deadLetter'],
    });
  });

  const examples = CONTRACTS.flatMap((contract) =>
    Object.keys(contract.schemas).flatMap((type) =>
      [type, `${type}.binary`].map((name) => ({ name, type, contract })),
    ),
  );

  it.each(examples)(
    'has an example of $name that is read, and by its own schemas as well',
    ({ name, type, contract }) => {
      const [example] = document.components.messages[name]!.examples;
      const read = readEvent(contract, {
        headers: example!.headers,
        value: Buffer.from(JSON.stringify(example!.payload)),
      });
      expect(read).toMatchObject({ ok: true, event: { type } });
      expect(errorsOf(name, example!)).toEqual([]);
    },
  );

  it('has an example of a dead letter with the headers that one has', () => {
    const [example] = document.components.messages.deadLetter!.examples;
    expect(deadLetterHeaders.parse(example!.headers)).toBeTruthy();
    expect(errorsOf('deadLetter', example!)).toEqual([]);
  });

  it('allows whatever is taken, in both modes', () => {
    fc.assert(
      fc.property(anyActivity, fc.constantFrom(...MODES), (event, mode) => {
        const { headers, value } = writeEvent(event, mode);
        const name = mode === 'binary' ? `${event.type}.binary` : event.type;
        const payload = JSON.parse(value) as unknown;
        expect(errorsOf(name, { headers, payload })).toEqual([]);
      }),
    );
  });

  it.each([
    ['a negative amount', { amountMinor: -1 }],
    ['an amount beyond 2^53 - 1', { amountMinor: 2 ** 53 }],
    ['a broken amount', { amountMinor: 0.5 }],
    ['another channel', { channel: 'radio' }],
    ['an empty identifier', { orderId: '' }],
    ['a control character', { orderId: 'a\u0000' }],
    ['no order id', { orderId: undefined }],
  ])('refuses %s, as the reader does', (_, change) => {
    const [example] = document.components.messages['order.paid']!.examples;
    const event = example!.payload as { data: object };
    const wrong = { ...event, data: { ...event.data, ...change } };
    const value = JSON.stringify(wrong);
    const payload = JSON.parse(value) as unknown;
    expect(errorsOf('order.paid', { ...example!, payload })).not.toEqual([]);
    expect(
      readEvent(activityContract, { value: Buffer.from(value) }),
    ).toMatchObject({ ok: false, refusal: 'invalid_data' });
  });
});

function errorsOf(name: string, { headers, payload }: Example): unknown[] {
  return [
    ...validated(`${name}/payload`, payload),
    ...validated(`${name}/headers`, headers),
  ];
}

function validated(place: string, value: unknown): unknown[] {
  const validate = ajv.getSchema(`document#/components/messages/${place}`);
  return validate!(value) === true ? [] : (validate!.errors ?? []);
}

function at(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      document,
    );
}
