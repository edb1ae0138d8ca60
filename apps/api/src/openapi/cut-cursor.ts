import { z } from 'zod';
import type { Cut, JournalCut, Moment } from '@app/ledger';
import { sequenceInCursor } from './cursor.js';

/** Where the journals of one shard were cut for the first page: the others are of the same moment, also of `now`. */
export const cutInCursor = z.tuple([sequenceInCursor, sequenceInCursor]);

export function toCursor({ grants, promotions }: JournalCut): [bigint, bigint] {
  return [grants, promotions];
}

export function fromCursor(
  [grants, promotions]: z.output<typeof cutInCursor>,
  shard: number,
  moment: Moment,
): Cut {
  return { moment, shards: new Map([[shard, { grants, promotions }]]) };
}
