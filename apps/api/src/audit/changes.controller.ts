import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import type { Queryable } from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { cursorField, encodeCursor, timeInCursor } from '../openapi/cursor.js';
import { instant, next } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';

const query = z.strictObject({
  merchant: identifier.optional(),
  limit: pageLimit,
  cursor: cursorField(
    z.strictObject({
      recordedAtMs: timeInCursor,
      shard: z.int().min(0).max(32_767),
      changeId: z.uuid(),
    }),
  ).optional(),
});
type ChangesQuery = z.output<typeof query>;

const change = z
  .strictObject({
    changeId: z.uuid(),
    recordedAt: instant,
    /** Who asked for it: of the token. */
    issuer: z.string(),
    subject: z.string(),
    roles: z.array(z.string()),
    tokenId: z.string().nullable(),
    /** From where: an IP address. */
    address: z.string().nullable(),
    /** What was asked for: an operation of this document. */
    operation: z.string(),
    merchantId: z.string().nullable(),
    request: z.looseObject({}),
    idempotencyKey: z.string(),
    /** What was answered; null where nothing was, since the service ended. */
    answeredAt: instant.nullable(),
    status: z.int().nullable(),
  })
  .meta({ id: 'Change' });

const changePage = z
  .strictObject({
    /** Last recorded first. */
    changes: z.array(change),
    next,
  })
  .meta({ id: 'ChangePage' });

@Controller('v1/changes')
export class ChangesController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor')
  @Operation({
    id: 'listChanges',
    tag: 'audit',
    summary: 'Who asked the api to change what, when and from where',
    answers: { 200: changePage },
  })
  async list(
    @Query({ schema: query }) asked: ChangesQuery,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof changePage>> {
    const found = await this.reader.read((db) => readChanges(db, asked), gone);
    const changes = found.slice(0, asked.limit);
    const last = changes.at(-1);
    return {
      changes: changes.map(({ told }) => told),
      next:
        last && found.length > asked.limit
          ? encodeCursor({
              recordedAtMs: last.told.recordedAt.getTime(),
              shard: last.shard,
              changeId: last.told.changeId,
            })
          : null,
    };
  }
}

type ToldChange = z.output<typeof change>;

/** One more than asked for: it tells whether there is a next page. */
async function readChanges(
  db: Queryable,
  { merchant, limit, cursor }: ChangesQuery,
): Promise<{ shard: number; told: ToldChange }[]> {
  const values: unknown[] = [limit + 1];
  const value = (given: unknown) => `$${values.push(given)}`;
  const conditions = ['true'];
  if (merchant !== undefined)
    conditions.push(`merchant_id = ${value(merchant)}`);
  if (cursor)
    conditions.push(
      `(recorded_at, shard, change_id) < (${value(new Date(cursor.recordedAtMs))}::timestamptz, ${value(cursor.shard)}::smallint, ${value(cursor.changeId)}::uuid)`,
    );
  const { rows } = await db.query<ToldChange & { shard: number }>(
    `SELECT shard, change_id AS "changeId", recorded_at AS "recordedAt", issuer, subject, roles, token_id AS "tokenId",
       host(address) AS address, operation, merchant_id AS "merchantId", request,
       idempotency_key AS "idempotencyKey", answered_at AS "answeredAt", status
     FROM audit.api_change WHERE ${conditions.join(' AND ')}
     ORDER BY recorded_at DESC, shard DESC, change_id DESC LIMIT $1`,
    values,
  );
  return rows.map(({ shard, ...told }) => ({ shard, told }));
}
