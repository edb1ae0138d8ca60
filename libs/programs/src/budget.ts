import { UNITS } from '@app/contracts';
import { move, type EntryDraft } from '@app/ledger';
import { poolSlice } from './pool.js';
import { programHash, type Program } from './program.js';

/**
 * The entries that give one shard its slices of a program's pools, out of `issuance`. The slices of all
 * shards make up each pool exactly.
 *
 * @param shard from 0 up to, not including, `shardCount`
 * @param publishedAtMs when the program was published to this shard: milliseconds since the epoch
 * @throws RangeError where there is no such shard
 */
export function budgetDrafts(
  program: Program,
  { shard, shardCount }: { shard: number; shardCount: number },
  publishedAtMs: number,
): EntryDraft[] {
  if (!(shard >= 0 && shard < shardCount))
    throw new RangeError(`there is no shard ${shard} of ${shardCount}`);
  const cause = {
    type: 'program_published' as const,
    program: program.program,
    version: program.version,
    programHash: programHash(program),
  };
  return UNITS.flatMap((unit) => {
    const amount = poolSlice(program.pools[unit] ?? 0n, shard, shardCount);
    // An entry that moves nothing says nothing: a pool smaller than the number of shards has such slices.
    if (amount === 0n) return [];
    return {
      kind: 'budget' as const,
      merchantId: null,
      occurredAtMs: publishedAtMs,
      postings: move(unit, amount, 'issuance', `pool:${program.program}`),
      cause,
    };
  });
}
