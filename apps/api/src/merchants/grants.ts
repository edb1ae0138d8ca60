import { z } from 'zod';
import type { Unit } from '@app/contracts';
import { explainedEntry, type MerchantPlace } from '@app/ledger';
import { readToldEntries, type Queryable } from '@app/ledger/postgres';
import { lotFields, lotUses, toldEntry } from '../openapi/fields.js';

const grantedLot = z
  .strictObject({
    lotId: z.string(),
    ...lotFields,
    ...lotUses,
  })
  .meta({ id: 'GrantedLot' });
type GrantedLot = z.output<typeof grantedLot>;

/** An entry that grants; its `cause` and its `explanation` say why. */
export const grant = toldEntry
  .extend({
    /** What has become of it; null where there is no lot, as of cash, or where all of it settled a debt. */
    lot: grantedLot.nullable(),
  })
  .meta({ id: 'Grant' });
export type Grant = z.output<typeof grant>;

export async function readGrants(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  {
    before,
    limit,
  }: {
    before: { recordedAtMs: number; sequence: bigint } | null;
    limit: number;
  },
): Promise<Grant[]> {
  const { rows } = await db.query<{ sequence: bigint }>({
    name: 'grants-of-merchant',
    // The journal is among what is compared, as the index has it.
    text: `
      SELECT sequence FROM audit.entry
      WHERE shard = $1 AND merchant_id = $2 AND journal = 'grants' AND kind = 'grant'
        AND (recorded_at, journal, sequence) < ($3::timestamptz, 'grants', $4::bigint)
      ORDER BY recorded_at DESC, journal DESC, sequence DESC LIMIT $5`,
    values: [
      shard,
      merchantId,
      before ? new Date(before.recordedAtMs) : 'infinity',
      before?.sequence ?? 0n,
      limit,
    ],
  });
  const entries = await readToldEntries(
    db,
    rows.map(({ sequence }) => ({ shard, journal: 'grants', sequence })),
  );
  const lots = await readLots(
    db,
    shard,
    entries.map(({ entryId }) => entryId),
  );
  return entries.map((entry) => ({
    ...explainedEntry(entry),
    lot: lots.get(entry.entryId) ?? null,
  }));
}

/** The lots that entries granted, by the ids of the entries: a lot has the id of the entry that granted it. */
export async function readLots(
  db: Queryable,
  shard: number,
  entryIds: readonly string[],
): Promise<Map<string, GrantedLot>> {
  const { rows } = await db.query<{
    lot_id: string;
    unit: Unit;
    program: string;
    expires_at: Date;
    granted: bigint;
    available: bigint;
    reserved: bigint;
    spent: bigint;
    expired: bigint;
    clawed_back: bigint;
  }>({
    name: 'granted-lots',
    text: `
      SELECT lot_id, unit, program, expires_at, granted, available, reserved, spent, expired, clawed_back
      FROM audit.lot WHERE shard = $1 AND lot_id = ANY ($2::text[])`,
    values: [shard, entryIds],
  });
  return new Map(
    rows.map(({ lot_id, expires_at, clawed_back, ...row }) => [
      lot_id,
      { lotId: lot_id, expiresAt: expires_at, ...row, clawedBack: clawed_back },
    ]),
  );
}
