import type { ActivityEvent } from '@app/contracts';

/** A row of accepted activity, as far as counting needs it. */
export interface EventRow {
  merchant_id: string;
  type: string;
  occurred_at: Date;
  data: unknown;
}

/** What an event says; its source and id are not kept to be read again. */
export function eventOf(row: EventRow): ActivityEvent {
  return {
    source: '',
    id: '',
    type: row.type,
    merchantId: row.merchant_id,
    occurredAtMs: row.occurred_at.getTime(),
    data: row.data,
  } as ActivityEvent;
}
