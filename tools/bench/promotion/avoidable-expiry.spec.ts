import { avoidablyExpired } from './avoidable-expiry.js';
import { byMerchant } from './by-merchant.js';
import { Optimizer } from './optimum.js';
import {
  DAY_MS,
  HOUR_MS,
  lot,
  slot,
  trace,
} from '../../spending/test/small-traces.js';

let optimizer: Optimizer;
beforeAll(async () => {
  optimizer = await Optimizer.load();
});
afterAll(() => optimizer.close());

describe('expiry that could have been avoided', () => {
  const lots = [
    lot({ unit: 'LIVE_IMP', expiresAtMs: 6 * HOUR_MS }),
    lot({ lotId: 'l2', expiresAtMs: 6 * HOUR_MS }),
    lot({ lotId: 'outlives the trace', expiresAtMs: DAY_MS }),
  ];
  const slots = [
    slot({}),
    slot({ placement: 'short_video', atMs: HOUR_MS }),
    slot({ atMs: 6 * HOUR_MS }),
  ];

  function avoidable(left: number[], given: number[]): number {
    const small = trace(lots, slots);
    return avoidablyExpired(
      small,
      byMerchant(small),
      {
        leftByLot: Float64Array.from(left),
        impressionsBySlot: Float64Array.from(given),
      },
      optimizer,
    );
  }

  it('is what fits into what is left of slots, shared so that most fits', () => {
    // The stream has room for 600, and the first lot fits nowhere else: the second gets what that leaves, and the video.
    expect(avoidable([500, 900, 1_000], [400, 200, 0])).toBe(500 + 100 + 800);
  });

  it('is none where slots were full, or came when lots had expired', () => {
    expect(avoidable([500, 900, 0], [1_000, 1_000, 0])).toBe(0);
  });

  it('is none of lots that have not expired', () => {
    expect(avoidable([0, 0, 1_000], [0, 0, 0])).toBe(0);
  });
});
