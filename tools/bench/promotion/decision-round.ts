import {
  allocate,
  learnResponse,
  newMerchantMemory,
  newSharedMemory,
  type MerchantMemory,
  type SharedMemory,
  type Slot,
  type SpendableLot,
} from '@app/promotion';

/** What a round of decisions costs in which every merchant has lots and a slot. */
export interface DecisionRound {
  roundMerchants: number;
  roundSeconds: number;
  /** Of all threads: what the round takes on a core of its own, at most. */
  roundCpuSeconds: number;
  /** What is remembered of a merchant, as JSON, in the mean. */
  memoryBytesPerMerchant: number;
}

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-10-20T20:00:00+08:00');
const PAST_SLOTS = 24;
const CATEGORIES = 20;
const LOT_UNITS: readonly SpendableLot['unit'][] = [
  'ANY_IMP',
  'LIVE_IMP',
  'ANY_IMP',
  'VIDEO_IMP',
];

/**
 * Times one decision for each of so many merchants, who differ in habits and lots and have had a day of slots, half of
 * them videos. What came before the round is not timed.
 */
export function timeDecisionRound(merchants: number): DecisionRound {
  const shared = newSharedMemory();
  const all = Array.from({ length: merchants }, (_, index) =>
    withPast(index, shared),
  );
  const slots = all.map((_, index) => slotOf(index, PAST_SLOTS));
  const lots = all.map((_, index) => lotsOf(index));
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  for (let index = 0; index < merchants; index += 1)
    allocate(slots[index]!, lots[index]!, all[index]!, shared);
  const roundSeconds = (performance.now() - startedAtMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const bytes = all.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
  return {
    roundMerchants: merchants,
    roundSeconds: Number(roundSeconds.toFixed(3)),
    roundCpuSeconds: Number(((user + system) / 1e6).toFixed(3)),
    memoryBytesPerMerchant: Math.round(bytes / merchants),
  };
}

function withPast(index: number, shared: SharedMemory): MerchantMemory {
  const merchant = newMerchantMemory(`category-${index % CATEGORIES}`);
  for (let n = 0; n < PAST_SLOTS; n += 1) {
    const slot = slotOf(index, n);
    allocate(slot, [], merchant, shared);
    const gmvMinor = 50 + ((index * 31 + n * 17) % 400);
    learnResponse(slot, { impressions: 100, gmvMinor }, merchant, shared);
  }
  return merchant;
}

function slotOf(index: number, n: number): Slot {
  const isLive = (index + n) % 2 === 0;
  const atMs = START_MS + n * HOUR_MS + (index % 60) * 60_000;
  return {
    placement: isLive ? 'live' : 'short_video',
    targetId: isLive ? `s${n >> 2}` : `v${n & 3}`,
    targetKind: isLive ? 'session' : 'video',
    atMs,
    untilMs: atMs + HOUR_MS,
    capacity: 1_000 + ((index * 7_919) % 20_000),
  };
}

function lotsOf(index: number): SpendableLot[] {
  const nowMs = START_MS + PAST_SLOTS * HOUR_MS;
  return LOT_UNITS.map((unit, n) => ({
    lotId: `l${n}`,
    unit,
    expiresAtMs: nowMs + (6 + ((index * 13) % 48) + n * 40) * HOUR_MS,
    available: 1_000 + ((index * 104_729 + n * 7_919) % 50_000),
  }));
}
