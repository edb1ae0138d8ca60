import { lagOf, type StoredHead } from './consumer-lag.js';

const ACTIVITY = 'merchant.activity.v1';
const DELIVERY = 'promotion.delivery.v1';
const AT = new Date('2026-11-11T00:00:00Z');

function head(
  journal: StoredHead['journal'],
  sequence: bigint,
  consumed: StoredHead['consumed'],
): StoredHead {
  return {
    shard: 1,
    journal,
    sequence,
    revision: 7n,
    consumed,
    recordedAt: AT,
  };
}

const ENDS = new Map([
  [ACTIVITY, new Map([[1, { first: 0n, end: 10n }]])],
  [DELIVERY, new Map([[1, { first: 3n, end: 5n }]])],
]);

describe('the lag of a shard', () => {
  it('is what each service has still to take of each source', () => {
    const heads = [
      head('grants', 4n, { [ACTIVITY]: 9 }),
      head('promotions', 2n, { grants: 3, [ACTIVITY]: 10, [DELIVERY]: 4 }),
    ];
    expect(lagOf([1], heads, ENDS)).toEqual([
      {
        service: 'granter',
        shard: 1,
        journal: 'grants',
        sequence: 4n,
        revision: 7n,
        lastCommitAt: AT,
        sources: [{ source: ACTIVITY, consumed: 9n, end: 10n, lag: 1n }],
      },
      {
        service: 'promoter',
        shard: 1,
        journal: 'promotions',
        sequence: 2n,
        revision: 7n,
        lastCommitAt: AT,
        sources: [
          { source: 'grants', consumed: 3n, end: 5n, lag: 2n },
          { source: ACTIVITY, consumed: 10n, end: 10n, lag: 0n },
          { source: DELIVERY, consumed: 4n, end: 5n, lag: 1n },
        ],
      },
    ]);
  });

  it('of a service that has taken nothing yet is all that is kept', () => {
    const [granter, promoter] = lagOf([1], [], ENDS);
    expect(granter).toMatchObject({ sequence: 0n, lastCommitAt: null });
    expect(granter!.sources).toEqual([
      { source: ACTIVITY, consumed: 0n, end: 10n, lag: 10n },
    ]);
    expect(promoter!.sources).toMatchObject([
      { source: 'grants', lag: 0n },
      { lag: 10n },
      { source: DELIVERY, consumed: 3n, lag: 2n },
    ]);
  });

  it('is never below nothing where the head is ahead of what Kafka told', () => {
    const heads = [head('grants', 4n, { [ACTIVITY]: 12 })];
    expect(lagOf([1], heads, ENDS)[0]!.sources).toMatchObject([{ lag: 0n }]);
  });
});
