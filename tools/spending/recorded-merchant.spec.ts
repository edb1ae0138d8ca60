import { accountName, entryId, type EntryDraft } from '@app/ledger';
import type { ToldEntry } from '@app/ledger/postgres';
import {
  delivered,
  granted,
  minute,
  registered,
  started,
  switchedOn,
} from '../../libs/promotion/test/inputs.js';
import { PromoterInMemory } from '../../libs/promotion/test/promoter-in-memory.js';
import { RecordedMerchant, type Span } from './recorded-merchant.js';

const LIMITS = { placements: ['live' as const] };

/** A grant of 20,000, and of what was ordered of it three minutes later, 1,000 delivered after twenty. */
function recorded(): ToldEntry[] {
  const p = new PromoterInMemory();
  const grant = granted({
    lotId: 'a',
    unit: 'ANY_IMP',
    amount: 20_000,
    at: 0,
    expires: 9_000,
  });
  p.take(registered('food', 0), grant);
  p.take(switchedOn(1, 'm1', LIMITS), started('s1', 3));
  p.take(delivered(p.lastOrder(), 1_000, 20));
  return [grant.entry, ...p.drafts].map(told);
}

function told(draft: EntryDraft, number: number): ToldEntry {
  const at = new Date(draft.occurredAtMs);
  return {
    ...draft,
    shard: 0,
    journal: 'promotions',
    sequence: BigInt(number),
    entryId: entryId('promotions', 0, BigInt(number)),
    occurredAt: at,
    recordedAt: at,
    program: null,
    programVersion: null,
    postings: draft.postings.map((posting, line) => ({
      ...posting,
      line,
      account: accountName(posting.account, draft.merchantId),
    })),
  };
}

function historyOf(span: Span) {
  const merchant = new RecordedMerchant('m1', 'food', span);
  for (const entry of recorded()) merchant.take(entry);
  return merchant.history();
}

describe('recorded history', () => {
  it('has the lots and the orders of the period, and the limits of the time', () => {
    const history = historyOf({ fromMs: minute(0), toMs: minute(60) });
    expect(history.trace.lots).toMatchObject([
      {
        lotId: 'a',
        amount: 20_000,
        atMs: minute(0),
        expiresAtMs: minute(9_000),
      },
    ]);
    expect(history.trace.slots).toMatchObject([
      { targetId: 's1', atMs: minute(3), untilMs: minute(33), capacity: 5_000 },
    ]);
    expect(history.happened).toEqual({
      spent: { live: 1_000, short_video: 0 },
      gmvMinor: 990,
      expired: 0,
      left: 19_000,
    });
    expect(history.limitsAt(minute(0))).toEqual({});
    expect(history.limitsAt(minute(1))).toEqual(LIMITS);
  });

  it('has of a lot what orders from before the period leave of it', () => {
    const { trace, happened } = historyOf({
      fromMs: minute(10),
      toMs: minute(60),
    });
    expect(trace.slots).toEqual([]);
    expect(trace.lots).toMatchObject([{ amount: 19_000, atMs: minute(10) }]);
    expect(happened).toMatchObject({ gmvMinor: 0, left: 19_000 });
  });

  it('has nothing of what was granted after the period', () => {
    const { trace } = historyOf({ fromMs: minute(-60), toMs: minute(0) });
    expect(trace).toMatchObject({ lots: [], slots: [] });
  });
});
