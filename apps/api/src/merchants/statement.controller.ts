import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  cutOfShard,
  explainLines,
  MERCHANT_ACCOUNT_CLASSES,
  MomentError,
  type MerchantPlace,
  type Moment,
} from '@app/ledger';
import { statement, type Queryable } from '@app/ledger/postgres';
import { invalidRequest, Operation, RolesAndOwnMerchant } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import {
  cursorField,
  encodeCursor,
  sequenceInCursor,
  timeInCursor,
} from '../openapi/cursor.js';
import { cutInCursor, fromCursor, toCursor } from '../openapi/cut-cursor.js';
import {
  amount,
  entryKind,
  instant,
  journal,
  merchantId,
  next,
  unit,
} from '../openapi/fields.js';
import {
  cutAtField,
  isPeriod,
  NOT_A_PERIOD,
  position,
  time,
} from '../openapi/moment.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { accountBalance } from './balances.controller.js';
import { merchantParams, type MerchantParams } from './merchant-params.js';
import { placeOf } from './merchant-place.js';

const query = z
  .strictObject({
    from: time
      .describe('From then on; from the first entry on, by default.')
      .optional(),
    to: time
      .describe(
        'Until then: the first instant that is left out; now, by default.',
      )
      .optional(),
    fromPosition: position.optional(),
    toPosition: position.optional(),
    limit: pageLimit,
    cursor: cursorField(
      z.strictObject({
        from: cutInCursor,
        to: cutInCursor,
        after: z.strictObject({
          grants: sequenceInCursor,
          promotions: sequenceInCursor,
          recordedAtMs: timeInCursor,
        }),
      }),
    ).optional(),
  })
  .refine((asked) => !(asked.from && asked.fromPosition !== undefined), {
    path: ['fromPosition'],
    message: 'give `from` or `fromPosition`, not both',
  })
  .refine((asked) => !(asked.to && asked.toPosition !== undefined), {
    path: ['toPosition'],
    message: 'give `to` or `toPosition`, not both',
  })
  .refine(isPeriod, NOT_A_PERIOD)
  .refine(
    ({ fromPosition = 0, toPosition = Infinity }) => fromPosition <= toPosition,
    {
      path: ['toPosition'],
      message: 'expected a position that is not ahead of `fromPosition`',
    },
  );

const line = z
  .strictObject({
    entryId: z.string(),
    journal,
    sequence: z.bigint(),
    line: z.int(),
    kind: entryKind,
    occurredAt: instant,
    recordedAt: instant,
    account: z.enum(MERCHANT_ACCOUNT_CLASSES),
    unit,
    amount,
    /** Of the account, after this line. */
    balance: amount,
    lotId: z.string().nullable(),
    explanation: z.strictObject({ zh: z.string(), en: z.string() }),
  })
  .meta({ id: 'StatementLine' });

const statementPage = z
  .strictObject({
    merchantId,
    /** What the accounts had ahead of the period, and behind it. */
    opening: z.array(accountBalance),
    closing: z.array(accountBalance),
    /** In order of recording; an entry's lines are never parted by a page. */
    lines: z.array(line),
    next,
  })
  .meta({ id: 'StatementPage' });

@Controller('v1/merchants/:id/statement')
export class StatementController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'readStatement',
    tag: 'merchants',
    summary:
      'What moved on the accounts of a merchant in a period of recording',
    answers: { 200: statementPage },
  })
  read(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query }) asked: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof statementPage>> {
    const place = placeOf(id, this.reader.shards);
    const { limit, cursor } = asked;
    return this.reader.read(async (db) => {
      const { from, to } = cursor
        ? {
            from: fromCursor(cursor.from, place.shard, 'beginning'),
            to: fromCursor(cursor.to, place.shard, 'now'),
          }
        : await cutSpan(db, place, asked);
      const page = await statement(db, place, {
        from,
        to,
        limit,
        after: cursor?.after ?? null,
      }).catch(refuse(asked));
      return {
        merchantId: id,
        opening: page.opening,
        closing: page.closing,
        lines: explainLines(page.lines, page.entries),
        next:
          page.next &&
          encodeCursor({
            from: toCursor(cutOfShard(from, place.shard)),
            to: toCursor(cutOfShard(to, place.shard)),
            after: page.next,
          }),
      };
    }, gone);
  }
}

async function cutSpan(
  db: Queryable,
  { shard }: MerchantPlace,
  asked: z.output<typeof query>,
) {
  const cut = (end: 'from' | 'to', open: Moment) => {
    const [at, place] = [asked[end], asked[`${end}Position`]];
    const moment =
      place !== undefined
        ? { position: place }
        : at
          ? { recordedBefore: at }
          : open;
    return cutAtField(
      db,
      moment,
      [shard],
      place === undefined ? end : `${end}Position`,
    );
  };
  const [from, to] = await Promise.all([
    cut('from', 'beginning'),
    cut('to', 'now'),
  ]);
  return { from, to };
}

/** The one thing that is wrong with two moments that have come: the later one is the earlier. */
function refuse({ cursor, toPosition }: z.output<typeof query>) {
  return (error: unknown): never => {
    if (!(error instanceof MomentError)) throw error;
    const field = cursor
      ? 'cursor'
      : toPosition === undefined
        ? 'to'
        : 'toPosition';
    throw invalidRequest([{ field, message: error.message }]);
  };
}
