import {
  entryId,
  jsonInteger,
  takeBackFrom,
  type Entry,
  type RewardTakenBackCause,
  type TakenBack,
} from '@app/ledger';
import { passTime } from './passing-time.js';
import type { Turn } from './turn.js';

/**
 * Does what the granter decided, lot by lot. An entry without postings says that nothing was left to take. What has
 * expired by now is not taken back, whether or not anything had brought the time before.
 */
export function takeBack(
  turn: Turn,
  decision: Entry,
  { program, lots }: RewardTakenBackCause,
): void {
  passTime(turn);
  const { journal, shard, sequence } = decision;
  const decidedBy = entryId(journal, shard, sequence);
  for (const { lotId, amount } of lots) {
    const lot = turn.lots.get(lotId);
    const { postings, owed } =
      lot?.merchantId === decision.merchantId
        ? takeBackFrom(lot, BigInt(amount))
        : NOTHING_TAKEN;
    turn.write({
      kind: 'clawback',
      postings,
      cause: {
        type: 'lot_taken_back',
        lotId,
        program,
        decidedBy,
        asked: amount,
        ...(owed > 0n ? { owed: jsonInteger(owed) } : {}),
      },
    });
  }
}

const NOTHING_TAKEN: TakenBack = { postings: [], owed: 0n };
