import type { ReceivedMessage } from '@app/streaming';

export const TOPIC = 'merchant.activity.v1';

/** A message as it comes from partition 3. */
export function messageAt(
  position: number,
  change: Partial<ReceivedMessage> = {},
): ReceivedMessage {
  return {
    topic: TOPIC,
    partition: 3,
    position: BigInt(position),
    key: Buffer.from('m1'),
    value: Buffer.from([0xff, 0x00, position]),
    headers: { trace: Buffer.from('t1') },
    ...change,
  };
}
