import type { ClipKind } from '@app/contracts';
import { HOUR_MS } from './local-time.js';
import { OnlineSpending } from './online-spending.js';
import type {
  MerchantSlot,
  SlotOutcome,
  SpendableLot,
} from './spending-policy.js';

const FROM_MS = Date.UTC(2024, 9, 31, 16);
const DAYS = 14;
/** Of each video's room. */
const GRANTED_SHARE = 0.1;
const GOOD_RATE = 9_000;
const POOR_RATE = 1_000;

interface Shop {
  /** All there at once; every second one sells nine times as much as the others. */
  videos: number;
  /** Impressions of a slot, which takes an hour. */
  capacity: number;
}

/** How much of the traffic of a merchant who is granted some each midnight, to be spent in three days, sold well. */
function shareSpentWell({ videos, capacity }: Shop): number {
  const policy = new OnlineSpending();
  policy.meet('m1', 'food');
  const spent = { well: 0, inAll: 0 };
  let lots: SpendableLot[] = [];
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    const atMs = FROM_MS + hour * HOUR_MS;
    lots = lots.filter(({ expiresAtMs }) => expiresAtMs > atMs);
    if (hour % 24 === 0)
      lots.push({
        lotId: `l${hour}`,
        unit: 'VIDEO_IMP',
        expiresAtMs: atMs + 72 * HOUR_MS,
        available: Math.round(GRANTED_SHARE * 24 * videos * capacity),
      });
    const outcomes: [MerchantSlot, SlotOutcome][] = [];
    for (let video = 0; video < videos; video += 1) {
      const slot: MerchantSlot = {
        merchantId: 'm1',
        placement: 'short_video',
        targetId: `v${video}`,
        targetKind: 'video',
        atMs,
        untilMs: atMs + HOUR_MS,
        capacity,
      };
      const impressions = take(lots, policy.decide(slot, lots));
      const isGood = video % 2 === 1;
      spent.inAll += impressions;
      if (isGood) spent.well += impressions;
      if (impressions > 0)
        outcomes.push([slot, outcomeOf(impressions, isGood)]);
    }
    for (const [slot, outcome] of outcomes) policy.learn(slot, outcome);
  }
  return spent.well / spent.inAll;
}

function take(
  lots: readonly SpendableLot[],
  allocations: ReturnType<OnlineSpending['decide']>,
): number {
  let taken = 0;
  for (const { lotId, impressions } of allocations) {
    lots.find((lot) => lot.lotId === lotId)!.available -= impressions;
    taken += impressions;
  }
  return taken;
}

function outcomeOf(impressions: number, isGood: boolean): SlotOutcome {
  const rate = isGood ? GOOD_RATE : POOR_RATE;
  return { impressions, gmvMinor: Math.round((impressions * rate) / 1_000) };
}

describe('Spending over videos of which every second one sells well', () => {
  it.each([
    { videos: 4, capacity: 20_000 },
    { videos: 4, capacity: 200 },
    { videos: 4, capacity: 20 },
    { videos: 100, capacity: 2_000 },
  ])(
    'gives nearly all to those: $videos videos that take $capacity an hour',
    (shop) => {
      expect(shareSpentWell(shop)).toBeGreaterThan(0.9);
    },
  );
});

/** Impressions that a new clip of another merchant is given, after days in which explanations sold best. */
function givenToNewClip(clipKind: ClipKind): number {
  const policy = new OnlineSpending();
  policy.meet('m1', 'food');
  policy.meet('m2', 'food');
  for (let hour = 0; hour < 4 * 24; hour += 1)
    for (const kind of ['explanation', 'teaser'] as const)
      policy.learn(clipSlot(`${kind}${hour}`, kind, hour), {
        impressions: 100,
        gmvMinor: (kind === 'explanation' ? GOOD_RATE : POOR_RATE) / 10,
      });
  const slot = clipSlot('new', clipKind, 4 * 24);
  const lot: SpendableLot = {
    lotId: 'l',
    unit: 'VIDEO_IMP',
    expiresAtMs: slot.atMs + 72 * HOUR_MS,
    available: 20_000,
  };
  for (let hour = 0; hour < 4 * 24; hour += 1)
    policy.decide(
      { ...clipSlot('v', 'highlight', hour), merchantId: 'm2' },
      [],
    );
  return policy
    .decide({ ...slot, merchantId: 'm2' }, [lot])
    .reduce((sum, { impressions }) => sum + impressions, 0);
}

function clipSlot(
  targetId: string,
  clipKind: ClipKind,
  hour: number,
): MerchantSlot {
  const atMs = FROM_MS + hour * HOUR_MS;
  return {
    merchantId: 'm1',
    placement: 'short_video',
    targetId,
    targetKind: 'clip',
    clipKind,
    atMs,
    untilMs: atMs + HOUR_MS,
    capacity: 2_000,
  };
}

describe('A new clip of a kind that sells better', () => {
  it('is given more than one of another kind', () => {
    const given = givenToNewClip('explanation');
    expect(given).toBeGreaterThan(1.5 * givenToNewClip('teaser'));
  });
});
