import type { HeaderValue, OutgoingMessage } from './ports.js';

/** A message as it came from Kafka, and where it stood. */
export interface ReceivedMessage {
  topic: string;
  partition: number;
  position: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, HeaderValue>;
  /**
   * When Kafka says that it was published, by the clock of the publisher or of the broker, as the topic has it:
   * milliseconds since the epoch. Left out where it says nothing.
   */
  publishedAtMs?: number;
}

/** The message unchanged, with the reason and its old place in `dlq-` headers. */
export function deadLetter(
  deadLetterTopic: string,
  message: ReceivedMessage,
  reason: { refusal: string; detail: string },
): OutgoingMessage {
  return {
    topic: deadLetterTopic,
    key: message.key,
    value: message.value,
    headers: {
      ...message.headers,
      'dlq-reason': reason.refusal,
      'dlq-detail': reason.detail,
      'dlq-topic': message.topic,
      'dlq-partition': String(message.partition),
      'dlq-offset': String(message.position),
    },
  };
}

/** The message unchanged, for the partition where it belongs. */
export function forward(
  message: ReceivedMessage,
  partition: number,
): OutgoingMessage {
  return {
    topic: message.topic,
    partition,
    key: message.key,
    value: message.value,
    headers: {
      ...message.headers,
      'forwarded-from': `${message.topic}/${message.partition}/${message.position}`,
    },
  };
}
