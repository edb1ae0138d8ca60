import { AsSoonAsPossible } from '../../spending/baselines/as-soon-as-possible.js';
import { BASELINES } from '../../spending/baselines/index.js';
import { Optimizer } from './optimum.js';
import { table } from './report.js';
import { score } from './score.js';
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

const flat = (gmvMinorPerThousand: number) => ({
  segments: [{ impressions: 1_000, gmvMinorPerThousand }],
});
/** Three slots, of which the lot fills one: the informed plan takes the third, hindsight the second. */
const small = trace(
  [lot({ expiresAtMs: 9 * DAY_MS })],
  [
    slot({ ...flat(600) }),
    slot({ ...flat(500), atMs: HOUR_MS, noise: 2 }),
    slot({ ...flat(800), atMs: 8 * DAY_MS }),
  ],
);

function scored(optima: boolean) {
  const policies = { ours: () => new AsSoonAsPossible(), ...BASELINES };
  return score(small, { policies, optima }, optimizer, () => undefined);
}

describe('the score', () => {
  it('compares with the best plan without noise, and with it', () => {
    expect(scored(true)).toMatchObject({
      merchants: 1,
      lots: 1,
      slots: 3,
      grantedImpressions: 1_000,
      gmvMinor: {
        ours: 600,
        asSoonAsPossible: 600,
        informed: 800,
        hindsight: 1_000,
      },
      ratioToInformed: 0.75,
      ratioToHindsight: 0.6,
      avoidableExpiryShare: 0,
    });
  });

  it('counts noise into what the informed plan earns', () => {
    const noisy = trace(
      [lot({ amount: 1_000 })],
      [slot({ ...flat(800), noise: 0.25 }), slot({ ...flat(600), atMs: 1 })],
    );
    const { gmvMinor } = score(
      noisy,
      { policies: { ours: () => new AsSoonAsPossible() }, optima: true },
      optimizer,
      () => undefined,
    );
    expect(gmvMinor).toEqual({ ours: 200, informed: 200, hindsight: 600 });
  });

  it('counts as the first week what begins within seven days of a merchant’s first lot or slot', () => {
    const newcomers = trace(
      [
        lot({ amount: 2_000, expiresAtMs: 90 * DAY_MS }),
        lot({
          merchantId: 'm2',
          atMs: 30 * DAY_MS,
          expiresAtMs: 90 * DAY_MS,
          amount: 1_000,
        }),
      ],
      [
        slot({ ...flat(100), atMs: 7 * DAY_MS - 1 }),
        slot({ ...flat(10_000), atMs: 7 * DAY_MS }),
        slot({ ...flat(200), atMs: 36 * DAY_MS, merchantId: 'm2' }),
        slot({ ...flat(150), atMs: 37 * DAY_MS, merchantId: 'm2', noise: 2 }),
      ],
    );
    const { ratioToInformedFirstWeek } = score(
      newcomers,
      { policies: { ours: BASELINES.evenSplit }, optima: true },
      optimizer,
      () => undefined,
    );
    const evenSplit = scoredFirstWeek();
    expect(ratioToInformedFirstWeek).toBeCloseTo(evenSplit / 300, 10);

    function scoredFirstWeek(): number {
      const { gmvMinor } = score(
        trace(
          newcomers.lots,
          newcomers.slots.map((one) => ({
            ...one,
            noise: [7, 37].includes(one.atMs / DAY_MS) ? 0 : 1,
          })),
        ),
        { policies: { ours: BASELINES.evenSplit }, optima: false },
        optimizer,
        () => undefined,
      );
      return gmvMinor.ours!;
    }
  });

  it('leaves out the optima when it is to', () => {
    const report = scored(false);
    expect(report.gmvMinor).not.toHaveProperty('informed');
    expect(report).not.toHaveProperty('ratioToInformed');
    expect(report.ratioToBestBaseline).toBeCloseTo(
      report.gmvMinor.ours! /
        Math.max(
          ...Object.keys(BASELINES).map(
            (name) => report.gmvMinor[name as keyof typeof BASELINES]!,
          ),
        ),
      10,
    );
  });

  it('is shown as a table, the greatest GMV first', () => {
    expect(table(scored(true)).split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^ +GMV, fen +of informed$/),
      expect.stringMatching(/^hindsight +1,000 +1\.2500$/),
      expect.stringMatching(/^informed +800 +1\.0000$/),
    ]);
  });
});
