import { z } from 'zod';
import type { EntryPlace } from '@app/ledger/postgres';

const ENTRY_ID = /^(grants|promotions)-(\d{1,4})-([1-9]\d{0,17})$/;

export const entryIdField = z
  .string()
  .regex(ENTRY_ID, 'expected an entry, e.g. grants-10-5');

/** @param entryId as {@link entryIdField} lets it pass */
export function parseEntryId(entryId: string): EntryPlace {
  const [, journal, shard, sequence] = ENTRY_ID.exec(entryId)!;
  return {
    journal: journal as EntryPlace['journal'],
    shard: Number(shard),
    sequence: BigInt(sequence!),
  };
}
