import fc from 'fast-check';
import {
  readTraceLine,
  TraceError,
  TraceReader,
  writeTraceLine,
  type TraceEvent,
  type TraceSlot,
} from './trace.js';

const MERCHANT = { kind: 'merchant', merchantId: 'm1', category: 'food' };
const LOT = {
  kind: 'lot',
  at: '2024-11-01T08:00:00+08:00',
  merchantId: 'm1',
  lotId: 'l1',
  unit: 'LIVE_IMP',
  amount: 500,
  expiresAt: '2024-11-02T08:00:00+08:00',
};
const SLOT = {
  kind: 'slot',
  at: '2024-11-01T20:00:00+08:00',
  until: '2024-11-01T21:00:00+08:00',
  merchantId: 'm1',
  placement: 'live',
  targetId: 's1',
  targetKind: 'session',
  capacity: 900,
  segments: [
    { impressions: 400, gmvMinorPerThousand: 3_000 },
    { impressions: 500, gmvMinorPerThousand: 1_200.5 },
  ],
  noise: 0.9,
};

const id = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const atMs = fc.integer({
  min: Date.parse('2000-01-01T00:00:00Z'),
  max: Date.parse('2099-12-01T00:00:00Z'),
});
const laterMs = fc.integer({ min: 1, max: 30 * 86_400_000 });
const impressions = fc.integer({ min: 1, max: 1e12 });
const amount = fc.double({ min: 0, max: 1e9, noNaN: true });

const events: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('merchant' as const),
    merchantId: id,
    category: id,
  }),
  fc
    .record({
      kind: fc.constant('lot' as const),
      atMs,
      merchantId: id,
      lotId: id,
      unit: fc.constantFrom('LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP'),
      amount: impressions,
      lastsMs: laterMs,
    })
    .map(({ lastsMs, ...lot }) => ({
      ...lot,
      expiresAtMs: lot.atMs + lastsMs,
    })),
  fc
    .record({
      kind: fc.constant('slot' as const),
      atMs,
      merchantId: id,
      target: fc.constantFrom(
        { placement: 'live', targetKind: 'session' } as const,
        { placement: 'short_video', targetKind: 'video' } as const,
        { placement: 'short_video', targetKind: 'clip' } as const,
      ),
      targetId: id,
      sizes: fc.array(impressions, { minLength: 1, maxLength: 5 }),
      rates: fc.array(amount, { minLength: 5, maxLength: 5 }),
      noise: amount,
      lastsMs: laterMs,
    })
    .map(({ lastsMs, target, sizes, rates, ...slot }) => {
      const falling = rates.toSorted((a, b) => b - a);
      return {
        ...slot,
        ...target,
        untilMs: slot.atMs + lastsMs,
        capacity: sizes.reduce((sum, size) => sum + size),
        segments: sizes.map((size, i) => ({
          impressions: size,
          gmvMinorPerThousand: falling[i]!,
        })),
      };
    }),
);

describe('a line of a trace', () => {
  it('is read as what was written', () => {
    fc.assert(
      fc.property(events, (event) => {
        expect(readTraceLine(writeTraceLine(event), 1)).toEqual(event);
      }),
    );
  });

  it('may name its times in any offset, and hold fields that nobody knows', () => {
    const here = readTraceLine(JSON.stringify(LOT), 1);
    const elsewhere = {
      ...LOT,
      at: '2024-11-01T00:00:00Z',
      expiresAt: '2024-11-01T19:00:00-05:00',
      program: 'p',
    };
    expect(readTraceLine(JSON.stringify(elsewhere), 1)).toEqual(here);
  });

  it.each([
    ['less than its capacity', 901, [400, 500]],
    ['nothing', 0, []],
    [
      'more than its capacity, of which the rest is never filled',
      600,
      [400, 200],
    ],
    ['a segment beyond its capacity', 300, [300]],
  ])('may tell what comes of %s', (_, capacity, sizes) => {
    const line = {
      ...SLOT,
      capacity: capacity || 1,
      segments: capacity ? SLOT.segments : [],
    };
    const read = readTraceLine(JSON.stringify(line), 1) as TraceSlot;
    expect(read.segments.map(({ impressions: size }) => size)).toEqual(sizes);
  });

  it('may show anything in either placement', () => {
    const line = { ...SLOT, targetKind: 'clip' };
    expect(readTraceLine(JSON.stringify(line), 1)).toMatchObject({
      placement: 'live',
      targetKind: 'clip',
    });
  });

  it.each([
    ['{', '', 'expected JSON'],
    ['[]', '', 'expected a JSON object'],
    ['{}', 'kind', 'expected merchant, lot or slot'],
    [{ ...MERCHANT, kind: 'shop' }, 'kind', 'expected merchant, lot or slot'],
    [{ ...MERCHANT, merchantId: '' }, 'merchantId', 'an identifier'],
    [{ ...MERCHANT, category: 7 }, 'category', 'an identifier'],
    [{ ...LOT, at: '2024-11-01T08:00:00' }, 'at', 'a time with an offset'],
    [{ ...LOT, at: '1999-11-01T08:00:00Z' }, 'at', 'between 2000 and 2100'],
    [{ ...LOT, unit: 'CNY' }, 'unit', 'LIVE_IMP, VIDEO_IMP or ANY_IMP'],
    [{ ...LOT, amount: 0 }, 'amount', 'a whole number from 1'],
    [{ ...LOT, amount: 2 ** 53 }, 'amount', 'a whole number from 1'],
    [{ ...LOT, expiresAt: LOT.at }, 'expiresAt', 'a time after at'],
    [{ ...SLOT, until: SLOT.at }, 'until', 'a time after at'],
    [{ ...SLOT, placement: 'shelf' }, 'placement', 'live or short_video'],
    [{ ...SLOT, targetKind: 'shop' }, 'targetKind', 'session, video or clip'],
    [{ ...SLOT, capacity: 1.5 }, 'capacity', 'a whole number from 1'],
    [
      {
        ...SLOT,
        segments: Array.from({ length: 101 }, () => SLOT.segments[0]),
      },
      'segments',
      'up to 100 segments',
    ],
    [{ ...SLOT, noise: -0.1 }, 'noise', 'a number from 0'],
    [
      { ...SLOT, segments: SLOT.segments.toReversed() },
      'segments.1.gmvMinorPerThousand',
      'no more than in the segment ahead',
    ],
    [
      { ...SLOT, segments: [{ impressions: 900, gmvMinorPerThousand: '3' }] },
      'segments.0.gmvMinorPerThousand',
      'a number from 0',
    ],
  ])('%j is refused for its %s', (content, field, expected) => {
    const text =
      typeof content === 'string' ? content : JSON.stringify(content);
    const error = refusalOf(() => readTraceLine(text, 12));
    expect(error).toMatchObject({ line: 12, field });
    expect(error.message).toContain(expected);
    expect(error.message.startsWith(`line 12: ${field}`)).toBe(true);
  });
});

describe('a file of a trace', () => {
  it('is read line by line', () => {
    const reader = new TraceReader();
    const kinds = [MERCHANT, LOT, SLOT].map(
      (line, i) => reader.read(JSON.stringify(line), i + 1).kind,
    );
    expect(kinds).toEqual(['merchant', 'lot', 'slot']);
  });

  it.each([
    ['of times that go back', [MERCHANT, SLOT, LOT]],
    ['of a merchant who comes after their lots', [LOT, MERCHANT, SLOT]],
    ['of a merchant who comes last', [SLOT, LOT, MERCHANT]],
  ])('may hold lines %s', (_, lines) => {
    const reader = new TraceReader();
    const kinds = lines.map(
      (line, i) => reader.read(JSON.stringify(line), i + 1).kind,
    );
    reader.end();
    expect(kinds).toEqual(lines.map(({ kind }) => kind));
  });

  it('may begin with a byte order mark, which stands nowhere else', () => {
    const reader = new TraceReader();
    const marked = `\uFEFF${JSON.stringify(MERCHANT)}`;
    expect(reader.read(marked, 1)).toEqual(MERCHANT);
    const error = refusalOf(() => reader.read(marked, 2));
    expect(error).toMatchObject({ line: 2, expected: 'expected JSON' });
  });

  it('is refused at its end for the first line of a merchant who has none of their own', () => {
    const reader = new TraceReader();
    const others = { merchantId: 'm2' };
    [MERCHANT, LOT, { ...SLOT, ...others }, { ...LOT, ...others }].forEach(
      (line, i) => reader.read(JSON.stringify(line), i + 1),
    );
    expect(refusalOf(() => reader.end())).toMatchObject({
      line: 3,
      field: 'merchantId',
    });
  });

  it.each([
    ['a merchant who comes twice', [MERCHANT, MERCHANT], 'merchantId'],
    ['a lot that comes twice', [MERCHANT, LOT, LOT], 'lotId'],
    ['a lot that comes twice ahead of its merchant', [LOT, LOT], 'lotId'],
  ])('is refused for %s', (_, lines, field) => {
    const reader = new TraceReader();
    const error = refusalOf(() =>
      lines.forEach((line, i) => reader.read(JSON.stringify(line), i + 1)),
    );
    expect(error).toMatchObject({ line: lines.length, field });
  });
});

function refusalOf(read: () => void): TraceError {
  try {
    read();
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
