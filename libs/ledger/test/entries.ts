import fc from 'fast-check';
import { UNITS } from '@app/contracts';
import {
  move,
  type AccountClass,
  type EntryDraft,
  type Journal,
} from '@app/ledger';

export const NOW_MS = Date.parse('2024-11-11T00:00:00Z');

/** A grant of `amount` ANY_IMP to a merchant. */
export function grantOf(
  amount: bigint,
  merchantId = 'm1',
  lotId = 'lot-1',
): EntryDraft {
  return {
    kind: 'grant',
    merchantId,
    occurredAtMs: NOW_MS,
    postings: move('ANY_IMP', amount, 'pool:ladder', 'available', lotId),
    cause: {
      type: 'goal_reached',
      program: 'ladder',
      version: 1,
      goal: 'orders',
      tier: '1-order',
      period: 'week:2024-11-11',
      metric: 'orders',
      value: 1,
      threshold: 1,
      promised: Number(amount),
      poolRanDry: false,
      expiresAt: '2024-12-01T00:00:00.000Z',
      events: [
        {
          topic: 'merchant.activity.v1',
          partition: 3,
          offset: '17',
          source: 'orders',
          id: 'paid-1',
        },
      ],
    },
  };
}

/** An entry as the writer of a journal makes them. */
export function draftIn(journal: Journal, lotId = 'lot-1'): EntryDraft {
  const grant = grantOf(1_000n, 'm1', lotId);
  return journal === 'grants'
    ? grant
    : {
        ...grant,
        kind: 'deliver',
        postings: move('ANY_IMP', 5n, 'owed', 'spent:live', lotId),
      };
}

/** The granter's decision to take `amount` ANY_IMP of a lot back. */
export function takingBack(
  lotId: string,
  amount: bigint,
  merchantId = 'm1',
): EntryDraft {
  return {
    kind: 'clawback',
    merchantId,
    occurredAtMs: NOW_MS,
    postings: [],
    cause: {
      type: 'reward_taken_back',
      program: 'ladder',
      version: 1,
      goal: 'orders',
      period: 'week:2024-11-11',
      metric: 'orders',
      value: 0,
      rule: 'difference',
      because: 'refund',
      unit: 'ANY_IMP',
      amount: Number(amount),
      lots: [{ lotId, amount: Number(amount) }],
      events: [],
    },
  };
}

/** Those that may fall below zero, and so stand in any order of postings. */
const ACCOUNTS: AccountClass[] = [
  'owed',
  'pool:ladder',
  'spent:live',
  'expired:ladder',
  'issuance',
];
const timeMs = fc.integer({
  min: Date.parse('2000-01-01'),
  max: Date.parse('2100-01-01'),
});
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  // oxlint-disable-next-line no-control-regex
  .filter((string) => !/[\u0000-\u001f\u007f]/.test(string));

const anyMove = fc
  .tuple(
    fc.constantFrom(...UNITS),
    fc.bigInt({ min: 1n, max: 2n ** 55n }),
    fc.shuffledSubarray(ACCOUNTS, { minLength: 2, maxLength: 2 }),
    fc.option(text),
  )
  .map(([unit, amount, [one, other], lotId]) =>
    // Nobody owes less than nothing.
    other === 'owed'
      ? move(unit, amount, other, one!, lotId)
      : move(unit, amount, one!, other!, lotId),
  );

/** Any balanced entry of a few merchants, one of them with a name that reads like an account's. */
export const anyDraft: fc.Arbitrary<EntryDraft> = fc.record({
  kind: fc.constantFrom('grant', 'reserve', 'deliver', 'release', 'expire'),
  merchantId: fc.constantFrom('m1', 'm2', 'pool:x:owed'),
  occurredAtMs: timeMs,
  postings: fc.array(anyMove, { maxLength: 3 }).map((moves) => moves.flat()),
  cause: fc.record({
    type: fc.constant('auto_promotion_switched'),
    enabled: fc.boolean(),
    by: text,
    event: fc.record({
      topic: text,
      partition: fc.nat(),
      offset: fc.maxSafeNat().map(String),
      source: text,
      id: text,
    }),
  }),
});
