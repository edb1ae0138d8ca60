import { flagged, registered, started } from '../activity.js';
import { grantsOf, GranterInMemory } from '../granter-in-memory.js';
import { lived } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('new-merchant-launch');
const JOINED = registered('2026-08-01T10:00:00');
const FIRST = started('s1', '2026-08-03T10:00:00');
const PAID = ['first-stream: 100000 LIVE_IMP'];

describe('the new-merchant launch', () => {
  it('pays a first stream a millionth of the pool at once, while it runs', () => {
    const granter = lived(PROGRAM, [JOINED, FIRST]);
    expect(granter.grants()).toEqual(PAID);
    expect(granter.drafts[0]).toMatchObject({
      occurredAtMs: FIRST.occurredAtMs,
      cause: { partsPerMillion: 1, promised: 100_000 },
    });
  });

  it('pays no second stream', () => {
    const second = started('s2', '2026-08-04T10:00:00');
    expect(lived(PROGRAM, [JOINED, FIRST, second]).grants()).toEqual(PAID);
  });

  it('pays within 90 days of registering, and no later', () => {
    const last = started('s1', '2026-10-31T09:59:59');
    const late = started('s1', '2026-10-31T10:00:00');
    expect(lived(PROGRAM, [JOINED, last]).grants()).toEqual(PAID);
    expect(lived(PROGRAM, [JOINED, late]).grants()).toEqual([]);
  });

  it('pays whoever has less than 1,000 followers when the stream starts', () => {
    const [small, big] = [999, 1_000].map((followers) =>
      started('s1', '2026-08-03T10:00:00', { followers }),
    );
    expect(lived(PROGRAM, [JOINED, small!]).grants()).toEqual(PAID);
    expect(lived(PROGRAM, [JOINED, big!]).grants()).toEqual([]);
  });

  it('waits for a registration that arrives after the stream', () => {
    expect(grantsOf(PROGRAM, [FIRST])).toEqual([]);
    expect(grantsOf(PROGRAM, [FIRST, JOINED])).toEqual(PAID);
    expect(grantsOf(PROGRAM, [FIRST, JOINED, JOINED])).toEqual(PAID);
  });

  it('takes all of it back from a merchant who is flagged, and pays never again', () => {
    const flag = flagged('merchant', 'm1', '2026-08-20T10:00:00');
    const granter = lived(PROGRAM, [JOINED, FIRST, flag]);
    granter.take([started('s0', '2026-08-02T10:00:00')]);
    expect(granter.grants()).toEqual([...PAID, 'cold-start: -100000 LIVE_IMP']);
    expect(
      new GranterInMemory([PROGRAM]).take([flag, JOINED, FIRST]).grants(),
    ).toEqual([]);
  });
});
