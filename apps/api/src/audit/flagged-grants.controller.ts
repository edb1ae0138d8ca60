import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { identifier } from '@app/contracts';
import { explainedEntry } from '@app/ledger';
import {
  grantsBeforeFlag,
  type GrantBeforeFlag,
  type Queryable,
} from '@app/ledger/postgres';
import { Operation, Roles } from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { grant, readLots } from '../merchants/grants.js';
import {
  cursorField,
  encodeCursor,
  sequenceInCursor,
  timeInCursor,
} from '../openapi/cursor.js';
import { instant, next } from '../openapi/fields.js';
import { pageLimit } from '../openapi/query-fields.js';
import { AuditReader } from '../read-model/moment-readers.js';

const query = z.strictObject({
  limit: pageLimit,
  cursor: cursorField(
    z.strictObject({
      shard: z.int().min(0).max(32_767),
      merchantId: identifier,
      recordedAtMs: timeInCursor,
      sequence: sequenceInCursor,
    }),
  ).optional(),
});

const flaggedGrant = grant
  .extend({
    /** The earliest flag on the merchant that is later than the grant, by the times of both. */
    flag: z.strictObject({
      flaggedAt: instant,
      reason: z.string(),
      /** On merchant.activity.v1, in the partition of the merchant's shard. */
      offset: z.bigint(),
    }),
  })
  .meta({ id: 'FlaggedGrant' });

const flaggedGrantPage = z
  .strictObject({
    /** By shard and merchant, of each as they were recorded. */
    grants: z.array(flaggedGrant),
    next,
  })
  .meta({ id: 'FlaggedGrantPage' });

@Controller('v1/grants/before-flag')
export class FlaggedGrantsController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'listGrantsBeforeFlag',
    tag: 'audit',
    summary:
      'What was granted to merchants who were flagged later, and what has become of it',
    answers: { 200: flaggedGrantPage },
  })
  list(
    @Query({ schema: query }) { limit, cursor }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof flaggedGrantPage>> {
    return this.reader.read(async (db) => {
      const { recordedAtMs, ...place } = cursor ?? { recordedAtMs: 0 };
      const after =
        'shard' in place
          ? { ...place, recordedAt: new Date(recordedAtMs) }
          : null;
      // One more than asked for tells whether there is a next page.
      const found: GrantBeforeFlag[] = [];
      const pages = grantsBeforeFlag(db, this.reader.shards, {
        after,
        limit: limit + 1,
      });
      for await (const page of pages) {
        found.push(...page);
        if (found.length > limit) break;
      }
      const told = found.slice(0, limit);
      const last = told.at(-1)?.entry;
      return {
        grants: await withLots(db, told),
        next:
          last && found.length > limit
            ? encodeCursor({
                shard: last.shard,
                merchantId: last.merchantId,
                recordedAtMs: last.recordedAt.getTime(),
                sequence: last.sequence,
              })
            : null,
      };
    }, gone);
  }
}

async function withLots(
  db: Queryable,
  grants: readonly GrantBeforeFlag[],
): Promise<z.output<typeof flaggedGrant>[]> {
  const told: z.output<typeof flaggedGrant>[] = [];
  for (const shard of new Set(grants.map(({ entry }) => entry.shard))) {
    const own = grants.filter(({ entry }) => entry.shard === shard);
    const ids = own.map(({ entry }) => entry.entryId);
    const lots = await readLots(db, shard, ids);
    for (const { entry, flag } of own)
      told.push({
        ...explainedEntry(entry),
        lot: lots.get(entry.entryId) ?? null,
        flag,
      });
  }
  return told;
}
