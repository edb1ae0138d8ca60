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
