import { isUtf8 } from 'node:buffer';
import type { KafkaMessage } from 'kafkajs';
import { z } from 'zod';
import {
  activityContract,
  deliveryContract,
  readEvent,
  TOPICS,
  writeEvent,
  type CloudEvent,
  type ReadResult,
  type WireMessage,
} from '@app/contracts';
import type { OutgoingMessage } from '@app/streaming';
import { instant } from '../openapi/fields.js';

/** Leads the names of the headers that say why a message is a dead letter, and where it stood. */
const DEAD_LETTER_HEADER = 'dlq-';

/** Topics that dead letters are published on again. */
const CONTRACTS: ReadonlyMap<
  string,
  typeof activityContract | typeof deliveryContract
> = new Map<string, typeof activityContract | typeof deliveryContract>([
  [TOPICS.activity, activityContract],
  [TOPICS.delivery, deliveryContract],
]);

const bytes = z
  .strictObject({
    encoding: z.enum(['utf8', 'base64']),
    text: z.string(),
  })
  .meta({ id: 'Bytes' });

export const toldDeadLetter = z
  .strictObject({
    /** Where it stands among the dead letters. */
    partition: z.int(),
    offset: z.bigint(),
    deadSince: instant,
    reason: z.string().nullable(),
    detail: z.string().nullable(),
    /** Where it stood before. */
    from: z.strictObject({
      topic: z.string().nullable(),
      partition: z.int().nullable(),
      offset: z.bigint().nullable(),
    }),
    key: bytes.nullable(),
    value: bytes.nullable(),
    /** Those that it had before. */
    headers: z.record(z.string(), bytes),
  })
  .meta({ id: 'DeadLetter' });
export type ToldDeadLetter = z.output<typeof toldDeadLetter>;

export function tellDeadLetter(
  partition: number,
  message: KafkaMessage,
): ToldDeadLetter {
  const header = (name: string) => headerText(message, name);
  const place = header('offset');
  const from = header('partition');
  return {
    partition,
    offset: BigInt(message.offset),
    deadSince: new Date(Number(message.timestamp)),
    reason: header('reason'),
    detail: header('detail'),
    from: {
      topic: header('topic'),
      partition: from === null ? null : Number(from),
      offset: place === null ? null : BigInt(place),
    },
    key: message.key && tellBytes(message.key),
    value: message.value && tellBytes(message.value),
    headers: Object.fromEntries(
      Object.entries(headersBefore(message)).map(([name, value]) => [
        name,
        tellBytes(Buffer.from(value)),
      ]),
    ),
  };
}

export interface Replay {
  message: OutgoingMessage;
  read: ReadResult<{ source: string; id: string; merchantId: string }>;
}

/**
 * A dead letter as it is to be published again, and how it reads.
 *
 * @param corrected what it should have been; without, it is published as it was
 * @returns null where it came from no topic that is read
 */
export function replayOf(
  { partition, offset }: { partition: number; offset: bigint },
  letter: KafkaMessage,
  corrected: CloudEvent | undefined,
): Replay | null {
  const topic = headerText(letter, 'topic') ?? '';
  const contract = CONTRACTS.get(topic);
  if (!contract) return null;
  const wire = corrected
    ? writeEvent(corrected)
    : {
        key: letter.key,
        value: letter.value,
        headers: headersBefore(letter),
      };
  return {
    message: {
      topic,
      ...wire,
      headers: {
        ...wire.headers,
        'replayed-from': `${TOPICS.deadLetters}/${partition}/${offset}`,
      },
    },
    read: readEvent(contract as typeof activityContract, asReceived(wire)),
  };
}

function asReceived({
  value,
  headers,
}: Pick<OutgoingMessage, 'value' | 'headers'>): WireMessage {
  return {
    value: value === null ? null : Buffer.from(value),
    ...(headers ? { headers } : {}),
  };
}

function headersBefore({ headers }: KafkaMessage): Record<string, Buffer> {
  const before: Record<string, Buffer> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const single = Array.isArray(value) ? value[0] : value;
    if (single !== undefined && !name.startsWith(DEAD_LETTER_HEADER))
      before[name] = Buffer.from(single);
  }
  return before;
}

function headerText({ headers }: KafkaMessage, name: string): string | null {
  const value = headers?.[`${DEAD_LETTER_HEADER}${name}`];
  return (Array.isArray(value) ? value[0] : value)?.toString() ?? null;
}

function tellBytes(value: Buffer): z.output<typeof bytes> {
  const encoding = isUtf8(value) ? 'utf8' : 'base64';
  return { encoding, text: value.toString(encoding) };
}
