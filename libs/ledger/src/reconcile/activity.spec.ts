import { TOPICS } from '@app/contracts';
import {
  activityDifferences,
  countActivity,
  type AcceptedEvent,
  type ActivityBounds,
  type ActivityCount,
  type EventTrace,
  type NamingEntry,
} from './activity.js';

const BOUNDS: ActivityBounds = {
  shard: 3,
  consumed: 20n,
  keptFrom: new Date('2024-10-01T00:00:00Z'),
};
const AT = new Date('2024-11-11T00:00:00Z');
const EVENT: AcceptedEvent = {
  merchantId: 'm1',
  type: 'order.paid',
  occurredAt: AT,
  offset: 17n,
  amountMinor: 990n,
  isLate: false,
};
const GRANT: NamingEntry = {
  entryId: 'grants-3-5',
  journal: 'grants',
  kind: 'grant',
  merchantId: 'm1',
  occurredAt: AT,
  reference: {
    topic: TOPICS.activity,
    partition: 3,
    offset: '17',
    source: 'orders',
    id: 'paid-1',
  },
  consumedByCommit: { from: 15n, to: 18n },
  grantedFor: 'first tier',
};
const SWITCH: NamingEntry = {
  ...GRANT,
  entryId: 'promotions-3-1',
  journal: 'promotions',
  kind: 'switch_on',
  consumedByCommit: null,
  grantedFor: null,
};
const REPORT: NamingEntry = {
  ...SWITCH,
  kind: 'deliver',
  reference: { ...GRANT.reference, topic: TOPICS.delivery, offset: '99' },
};

function trace(parts: Partial<EventTrace> = {}): EventTrace {
  return {
    accepted: [EVENT],
    isTakenByPromoter: false,
    namedBy: [GRANT],
    ...parts,
  };
}

function kinds(parts: Partial<EventTrace>): string[] {
  return activityDifferences(trace(parts), BOUNDS).map(
    ({ difference }) => difference,
  );
}

describe('an event and the entries that name it', () => {
  it.each<[string, Partial<EventTrace>]>([
    ['a grant, and the event that it names', {}],
    ['an event that nothing came of', { namedBy: [] }],
    [
      'two grants for two tiers',
      { namedBy: [GRANT, { ...GRANT, grantedFor: 'second tier' }] },
    ],
    [
      'two entries that grant nothing, of one event',
      {
        isTakenByPromoter: true,
        namedBy: [SWITCH, { ...SWITCH, kind: 'release' }],
      },
    ],
    [
      'a report, which no activity is',
      { accepted: [], isTakenByPromoter: true, namedBy: [REPORT] },
    ],
    [
      'an event that the promoter has read and the granter has not',
      {
        accepted: [],
        isTakenByPromoter: true,
        namedBy: [
          { ...SWITCH, reference: { ...GRANT.reference, offset: '20' } },
        ],
      },
    ],
    [
      'an event that was forgotten',
      {
        accepted: [],
        namedBy: [{ ...GRANT, occurredAt: new Date('2024-09-30T00:00:00Z') }],
      },
    ],
  ])('fit: %s', (_, parts) => {
    expect(kinds(parts)).toEqual([]);
  });

  it.each<[string, Partial<EventTrace>]>([
    ['not_accepted', { accepted: [] }],
    ['not_taken', { namedBy: [SWITCH] }],
    ['not_taken', { accepted: [], namedBy: [REPORT] }],
    ['at_another_offset', { accepted: [{ ...EVENT, offset: 16n }] }],
    [
      'at_another_offset',
      {
        namedBy: [
          { ...GRANT, reference: { ...GRANT.reference, partition: 4 } },
        ],
      },
    ],
    ['of_another_merchant', { accepted: [{ ...EVENT, merchantId: 'm2' }] }],
    ['accepted_twice', { accepted: [EVENT, EVENT] }],
    [
      'in_another_commit',
      { namedBy: [{ ...GRANT, consumedByCommit: { from: 18n, to: 20n } }] },
    ],
    [
      'granted_twice',
      { namedBy: [GRANT, { ...GRANT, entryId: 'grants-3-6' }] },
    ],
    ['beyond_consumed', { accepted: [{ ...EVENT, offset: 20n }], namedBy: [] }],
  ])('do not fit: %s', (difference, parts) => {
    expect(kinds(parts)).toEqual([difference]);
  });

  it('are told together: the entry, what it names, and what was accepted', () => {
    const accepted = { ...EVENT, offset: 16n };
    expect(
      activityDifferences(trace({ accepted: [accepted] }), BOUNDS),
    ).toEqual([
      {
        difference: 'at_another_offset',
        entryId: 'grants-3-5',
        reference: GRANT.reference,
        accepted,
      },
    ]);
  });
});

it('counts events by type, and by what they led to', () => {
  const counts = new Map<string, ActivityCount>();
  countActivity(counts, trace());
  countActivity(counts, trace({ namedBy: [SWITCH] }));
  countActivity(
    counts,
    trace({ accepted: [{ ...EVENT, isLate: true }], namedBy: [] }),
  );
  countActivity(
    counts,
    trace({ accepted: [{ ...EVENT, type: 'live.ended', amountMinor: null }] }),
  );
  countActivity(counts, trace({ accepted: [], namedBy: [REPORT] }));
  expect([...counts.values()]).toEqual([
    {
      type: 'order.paid',
      accepted: 3n,
      amountMinor: 2_970n,
      late: 1n,
      ledToGrants: 1n,
      ledToOthers: 1n,
      ledToNothing: 1n,
    },
    {
      type: 'live.ended',
      accepted: 1n,
      amountMinor: 0n,
      late: 0n,
      ledToGrants: 1n,
      ledToOthers: 0n,
      ledToNothing: 0n,
    },
  ]);
});
