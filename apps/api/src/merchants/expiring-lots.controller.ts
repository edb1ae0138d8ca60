import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Unit } from '@app/contracts';
import type { MerchantPlace } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import { Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import {
  cursorField,
  encodeCursor,
  idInCursor,
  timeInCursor,
} from '../openapi/cursor.js';
import { instant, lotFields, merchantId, next } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { placeOf } from './merchant-place.js';

const DAY_MS = 86_400_000;
const DAYS_MAX = 366;
const DAYS_EXPECTED = `expected a whole number of days from 1 to ${DAYS_MAX}`;

const query = z.strictObject({
  withinDays: z
    .string(DAYS_EXPECTED)
    .regex(/^[1-9]\d{0,2}$/, DAYS_EXPECTED)
    .transform(Number)
    .pipe(z.int().max(DAYS_MAX, DAYS_EXPECTED))
    .default(7)
    .meta({
      openapi: {
        description: 'Days of 24 hours from now on.',
        type: 'integer',
        minimum: 1,
        maximum: DAYS_MAX,
        default: 7,
      },
    }),
  limit: pageLimit,
  cursor: cursorField(
    z.strictObject({ expiresAtMs: timeInCursor, lotId: idInCursor }),
  ).optional(),
});

/** `available` would expire if nothing else became of it; `reserved` may still be delivered. */
const expiringLot = z
  .strictObject({
    lotId: z.string(),
    ...lotFields,
  })
  .meta({ id: 'ExpiringLot' });

const expiringLots = z
  .strictObject({
    merchantId,
    asOf: instant,
    lots: z.array(expiringLot),
    next,
  })
  .meta({ id: 'ExpiringLotPage' });

@Controller('v1/merchants/:id/lots/expiring')
export class ExpiringLotsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'listExpiringLots',
    tag: 'merchants',
    summary: 'The lots of a merchant that are about to expire, the first first',
    answers: { 200: expiringLots },
  })
  async list(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query })
    { withinDays, limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof expiringLots>> {
    const asOf = new Date();
    const found = await this.reader.read(
      (db) =>
        readExpiring(db, placeOf(id, this.reader.shards), {
          after: cursor ?? { expiresAtMs: asOf.getTime(), lotId: '' },
          until: new Date(asOf.getTime() + withinDays * DAY_MS),
          // One more than asked for tells whether there is a next page.
          limit: limit + 1,
        }),
      gone,
    );
    const lots = found.slice(0, limit);
    const last = lots.at(-1);
    return {
      merchantId: id,
      asOf,
      lots,
      next:
        last && found.length > limit
          ? encodeCursor({
              expiresAtMs: last.expiresAt.getTime(),
              lotId: last.lotId,
            })
          : null,
    };
  }
}

type ExpiringLot = z.output<typeof expiringLot>;

async function readExpiring(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  {
    after,
    until,
    limit,
  }: {
    after: { expiresAtMs: number; lotId: string };
    until: Date;
    limit: number;
  },
): Promise<ExpiringLot[]> {
  const { rows } = await db.query<{
    lot_id: string;
    unit: Unit;
    program: string;
    expires_at: Date;
    granted: bigint;
    available: bigint;
    reserved: bigint;
  }>({
    name: 'expiring-lots',
    text: `
      SELECT lot_id, unit, program, expires_at, granted, available, reserved FROM audit.lot
      WHERE shard = $1 AND merchant_id = $2 AND expires_at >= $3 AND expires_at <= $5
        AND (expires_at, lot_id) > ($3::timestamptz, $4::text) AND available + reserved > 0
      ORDER BY expires_at, lot_id LIMIT $6`,
    values: [
      shard,
      merchantId,
      new Date(after.expiresAtMs),
      after.lotId,
      until,
      limit,
    ],
  });
  return rows.map(({ lot_id: lotId, expires_at: expiresAt, ...row }) => ({
    lotId,
    expiresAt,
    ...row,
  }));
}
