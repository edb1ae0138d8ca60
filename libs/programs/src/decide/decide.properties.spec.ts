import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import { assertBalanced, encodeEntry, type EntryDraft } from '@app/ledger';
import { anyCuts, anyEvents, cut, PROGRAMS } from '../../test/arbitraries.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';

function grantedIn(batches: readonly ActivityEvent[][]): GranterInMemory {
  const granter = new GranterInMemory(PROGRAMS);
  for (const batch of batches) granter.take(batch);
  return granter;
}

/** The bytes that the ledger would hash. */
function bytesOf(drafts: readonly EntryDraft[]): string[] {
  const place = { shard: 3, journal: 'grants' as const, recordedAtMs: 0 };
  return drafts.map((draft, i) =>
    encodeEntry({ ...draft, ...place, sequence: BigInt(i + 1) }).toString(),
  );
}

describe('whatever merchants sell and refund', () => {
  it('every entry is balanced and makes the lot that it names', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { drafts, lots } = grantedIn([events]);
        const made = new Map(lots.map((lot) => [lot.lotId, lot]));
        drafts.forEach((draft, i) => {
          assertBalanced(draft);
          const lotId = `grants-3-${i + 1}`;
          const lot = made.get(lotId);
          expect(draft.postings.at(-2)?.account).toMatch(/^pool:/);
          const into = draft.postings.at(-1)!;
          if (into.unit === 'CNY') {
            expect(into.account).toBe('payable');
            expect(lot).toBeUndefined();
          } else
            expect(into).toEqual({
              account: 'available',
              unit: lot?.unit,
              amount: lot?.granted,
              lotId,
            });
        });
      }),
    );
  });

  it('batches cut in any way give the same entries, byte by byte', () => {
    fc.assert(
      fc.property(anyEvents, anyCuts, (events, cuts) => {
        const whole = grantedIn([events]);
        const inBatches = grantedIn(cut(events, cuts));
        const oneByOne = grantedIn(events.map((event) => [event]));
        for (const other of [inBatches, oneByOne]) {
          expect(bytesOf(other.drafts)).toEqual(bytesOf(whole.drafts));
          expect(other.lots).toEqual(whole.lots);
          expect(other.unpaid).toEqual(whole.unpaid);
          expect(other.pools).toEqual(whole.pools);
          expect(other.values()).toEqual(whole.values());
        }
      }),
    );
  });

  it('a pool grants no more than it holds, and all of it before anything is unpaid', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { drafts, unpaid } = grantedIn([events]);
        for (const { program, pools } of PROGRAMS) {
          for (const [unit, held] of Object.entries(pools)) {
            const granted = drafts
              .flatMap(({ postings }) => postings)
              .filter(
                (posting) =>
                  posting.account === `pool:${program}` &&
                  posting.unit === unit,
              )
              .reduce((sum, { amount }) => sum - amount, 0n);
            expect(granted).toBeLessThanOrEqual(held);
            const ranDry = unpaid.some(
              (reward) => reward.program === program && reward.unit === unit,
            );
            if (ranDry) expect(granted).toBe(held);
          }
        }
      }),
    );
  });

  it('a tier pays each of its units at most once a period', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { drafts, unpaid } = grantedIn([events]);
        const granted = drafts.map(({ merchantId, postings, cause }) => {
          if (cause.type !== 'goal_reached') throw new Error('not a grant');
          const { program, goal, tier, period } = cause;
          const { unit } = postings[0]!;
          return [merchantId, program, goal, tier, period, unit].join();
        });
        const rest = unpaid.map((reward) =>
          [
            reward.merchantId,
            reward.program,
            reward.goal,
            reward.tier,
            reward.period,
            reward.unit,
          ].join(),
        );
        const all = [...granted, ...rest];
        expect(all).toHaveLength(new Set(all).size);
      }),
    );
  });

  it('no metric falls below zero, and a threshold that is paid was reached', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const granter = new GranterInMemory(PROGRAMS);
        for (const event of events) {
          granter.take([event]);
          for (const value of granter.values().values())
            expect(value).toBeGreaterThanOrEqual(0n);
        }
        for (const { cause } of granter.drafts) {
          if (cause.type !== 'goal_reached') throw new Error('not a grant');
          expect(BigInt(cause.value)).toBeGreaterThanOrEqual(
            BigInt(cause.threshold),
          );
        }
      }),
    );
  });

  it('metrics end up the same in whatever order the events come', () => {
    const eventsTwice = anyEvents.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
      ),
    );
    fc.assert(
      fc.property(eventsTwice, ([events, shuffled]) => {
        const one = notZero(grantedIn([events]).values());
        expect(notZero(grantedIn([shuffled]).values())).toEqual(one);
      }),
    );
  });
});

/** A period that was left again stands at zero, or is not there at all. */
function notZero(values: ReadonlyMap<string, bigint>): Map<string, bigint> {
  return new Map([...values].filter(([, value]) => value !== 0n));
}
