import type { CloudEvent, WireMessage } from '@app/contracts';

export const ORDER_PAID = {
  specversion: '1.0',
  source: 'orders',
  id: 'paid-1',
  type: 'order.paid',
  subject: 'merchant-1',
  time: '2024-11-11T00:00:00+08:00',
  data: { orderId: 'order-1', amountMinor: 4_200, channel: 'live' },
} as const;

/** An event as a publisher's library puts it into one JSON document. */
export function structured(event: object): WireMessage {
  return {
    value: Buffer.from(JSON.stringify(event)),
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
  };
}

/** The same with its attributes in headers. */
export function binary({ data, ...attributes }: CloudEvent): WireMessage {
  const headers: Record<string, Buffer> = {
    'content-type': Buffer.from('application/json'),
  };
  for (const [name, value] of Object.entries(attributes))
    headers[`ce_${name}`] = Buffer.from(value);
  return { value: Buffer.from(JSON.stringify(data)), headers };
}
