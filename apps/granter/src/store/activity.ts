import { binaryArray, type Statement } from '@app/ledger/postgres';
import { aboutOf, ALONE } from '@app/programs';
import type { AcceptedActivity } from '../grant.js';

export function insertActivity(
  shard: number,
  accepted: readonly AcceptedActivity[],
): Statement[] {
  if (accepted.length === 0) return [];
  return [
    {
      name: 'insert-activity',
      text: `
      INSERT INTO activity
        (shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, about, late_for, data)
      SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::timestamptz[],
        $7::bigint[], $8::text[], $9::text[], $10::json[])`,
      values: [
        shard,
        binaryArray.bytea(accepted.map(({ key }) => key)),
        binaryArray.bytea(accepted.map(({ hash }) => hash)),
        binaryArray.text(accepted.map(({ event }) => event.merchantId)),
        binaryArray.text(accepted.map(({ event }) => event.type)),
        binaryArray.timestamptz(
          accepted.map(({ event }) => event.occurredAtMs),
        ),
        binaryArray.int8(accepted.map(({ message }) => message.position)),
        binaryArray.text(accepted.map(({ event }) => aboutOf(event) ?? ALONE)),
        binaryArray.text(accepted.map(({ lateFor }) => lateFor.join() || null)),
        binaryArray.json(
          accepted.map(({ event }) => JSON.stringify(event.data)),
        ),
      ],
    },
  ];
}
