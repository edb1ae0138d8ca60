import fc from 'fast-check';
import { grantOf } from '../../test/entries.js';
import { int8, row, text, toStoredRows } from '../../test/stored-rows.js';
import { storeAll } from '../../test/stored.js';
import type { AccountClass } from '../account.js';
import { entryId, move, type EntryDraft, type Journal } from '../entry.js';
import { ShardBalanceVerifier } from '../verify-balances.js';
import { AccountSums } from './account-sums.js';
import { BinaryRows } from './binary-rows.js';
import { EntryCursor } from './entry-cursor.js';
import { LotSums } from './lot-sums.js';

const SHARD = 3;
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** A lot, and what becomes of it: each is moved out of what is left, so that nothing falls below zero. */
interface Life {
  granted: bigint;
  reserved: bigint;
  spent: bigint;
  expired: bigint;
  clawedBack: bigint;
}
const PARTS = ['reserved', 'spent', 'expired', 'clawedBack'] as const;
const ACCOUNT_OF: Record<(typeof PARTS)[number], AccountClass> = {
  reserved: 'reserved',
  spent: 'spent:live',
  expired: 'expired:ladder',
  clawedBack: 'clawed_back:ladder',
};

const anyAmount = fc.bigInt({ min: 1n, max: 2n ** 40n });
const anyLife: fc.Arbitrary<Life> = fc
  .record({
    reserved: anyAmount,
    spent: anyAmount,
    expired: anyAmount,
    clawedBack: anyAmount,
    left: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  })
  .map(({ left, ...parts }) => ({
    ...parts,
    granted: PARTS.reduce((sum, part) => sum + parts[part], left),
  }));
const anyLives = fc.array(anyLife, { minLength: 1, maxLength: 40 });

describe('knowing lots from entries', () => {
  it('knows that lots and their use are right', () => {
    fc.assert(
      fc.property(anyLives, (lives) => {
        expect(compared(lives)).toEqual({ lots: true, uses: true });
      }),
    );
  });

  it('keeps what was granted of more lots than it began with room for', () => {
    const lives = fc.sample(anyLife, 600);
    expect(compared(lives)).toEqual({ lots: true, uses: true });
  });

  it('does not take uses for right where any number of one is another', () => {
    const anyField = fc.constantFrom('granted' as const, ...PARTS);
    fc.assert(
      fc.property(anyLives, fc.nat(), anyField, (lives, pick, field) => {
        const at = pick % lives.length;
        const other = { ...lives[at]!, [field]: lives[at]![field] + 1n };
        const uses = usesOf(lives.with(at, other));
        expect(compared(lives, { uses })).toEqual({ lots: true, uses: false });
      }),
    );
  });

  it('does not take uses for right where one is missing, or of no lot', () => {
    fc.assert(
      fc.property(anyLives, fc.nat(), (lives, pick) => {
        const uses = usesOf(lives);
        const one = uses.toSpliced(pick % uses.length, 1);
        const more = [...uses, ...usesOf([...lives, lives[0]!]).slice(-1)];
        expect(compared(lives, { uses: one }).uses).toBe(false);
        expect(compared(lives, { uses: more }).uses).toBe(false);
      }),
    );
  });

  it('does not take uses for right where more is used than was granted', () => {
    const [life] = fc.sample(anyLife, 1) as [Life];
    const used = PARTS.reduce((sum, part) => sum + life[part], 0n);
    const over = { ...life, granted: used - 1n };
    expect(compared([over])).toEqual({ lots: true, uses: false });
  });

  it.each<[string, Partial<Parameters<typeof lotRow>[1]>]>([
    ['merchant', { merchant: 'm2' }],
    ['unit', { unit: 'CNY' }],
    ['amount', { granted: 1n }],
    ['expiry', { expiresAt: '2024-12-01T00:00:00.001Z' }],
    ['program', { program: 'ladders' }],
  ])(
    'does not take lots for right where the %s of one is another',
    (_, change) => {
      const lives = fc.sample(anyLife, 5);
      const rows = lotsOf(lives).with(
        2,
        lotRow(3, { ...lives[2]!, ...change }),
      );
      expect(compared(lives, { lots: rows }).lots).toBe(false);
    },
  );

  it('does not take lots for right where one is missing, or is no entry of', () => {
    const lives = fc.sample(anyLife, 5);
    const rows = lotsOf(lives);
    expect(compared(lives, { lots: rows.slice(1) }).lots).toBe(false);
    const more = [...rows, lotRow(6, lives[0]!)];
    expect(compared(lives, { lots: more }).lots).toBe(false);
  });

  it('leaves a grant to another lot than its own to the database', () => {
    const lots = begun();
    add(lots, 'grants', [grantOf(5n, 'm1', entryId('grants', SHARD, 2n))]);
    lots.compareLots(rowsOf([lotRow(2, { granted: 5n })]));
    expect(lots.areLotsRight()).toBe(false);
  });

  it('leaves more lots than it may hold to the database', () => {
    const lives = fc.sample(anyLife, 4);
    const right = { lots: true, uses: true };
    expect(compared(lives, { sums: new LotSums(4) })).toEqual(right);
    const unknown = { lots: false, uses: false };
    expect(compared(lives, { sums: new LotSums(3) })).toEqual(unknown);
  });

  it('begins a shard anew, with nothing of the one before', () => {
    fc.assert(
      fc.property(anyLives, anyLives, (before, lives) => {
        const sums = new LotSums(20);
        compared(before, { sums });
        const again = compared(lives, { sums });
        expect(again).toEqual(compared(lives, { sums: new LotSums(20) }));
      }),
    );
  });
});

/** Whether it takes the rows, which are right unless they are given, for right. */
function compared(
  lives: readonly Life[],
  {
    lots = lotsOf(lives),
    uses = usesOf(lives),
    sums = new LotSums(),
  }: { lots?: Buffer[]; uses?: Buffer[]; sums?: LotSums } = {},
): { lots: boolean; uses: boolean } {
  sums.begin(SHARD);
  add(sums, 'grants', grantsOf(lives));
  add(sums, 'promotions', promotionsOf(lives));
  sums.compareLots(rowsOf(lots));
  sums.compareUses(rowsOf(uses));
  return { lots: sums.areLotsRight(), uses: sums.areUsesRight() };
}

function begun(): LotSums {
  const sums = new LotSums();
  sums.begin(SHARD);
  return sums;
}

function add(sums: LotSums, journal: Journal, drafts: EntryDraft[]): void {
  const place = { journal, shard: SHARD };
  const accounts = new AccountSums();
  accounts.begin(new ShardBalanceVerifier(journal, SHARD));
  const cursor = new EntryCursor(place, () => undefined);
  cursor.load(toStoredRows(storeAll(place, drafts)));
  while (cursor.next()) {
    accounts.add(cursor);
    if (journal === 'grants') sums.addGrant(cursor, accounts.kinds);
    else sums.addUse(cursor, accounts.kinds);
  }
}

function grantsOf(lives: readonly Life[]): EntryDraft[] {
  return lives.map(({ granted }, i) => grantOf(granted, 'm1', lotId(i + 1)));
}

function promotionsOf(lives: readonly Life[]): EntryDraft[] {
  return lives.map((life, i) => ({
    ...grantOf(1n),
    kind: 'expire',
    postings: PARTS.flatMap((part) =>
      move('ANY_IMP', life[part], 'available', ACCOUNT_OF[part], lotId(i + 1)),
    ),
  }));
}

function lotsOf(lives: readonly Life[]): Buffer[] {
  return lives.map((life, i) => lotRow(i + 1, life));
}

/** @param sequence of the grant */
function lotRow(
  sequence: number,
  {
    granted,
    merchant = 'm1',
    unit = 'ANY_IMP',
    expiresAt = '2024-12-01T00:00:00.000Z',
    program = 'ladder',
  }: {
    granted: bigint;
    merchant?: string;
    unit?: string;
    expiresAt?: string;
    program?: string;
  },
): Buffer {
  const expiry = BigInt(Date.parse(expiresAt) - POSTGRES_EPOCH_MS) * 1_000n;
  const id = text(lotId(sequence));
  const of = [text(merchant), text(unit), int8(granted)];
  return row(id, ...of, int8(expiry), text(program));
}

function usesOf(lives: readonly Life[]): Buffer[] {
  return lives.map((life, i) =>
    row(
      text(lotId(i + 1)),
      int8(life.granted),
      ...PARTS.map((part) => int8(life[part])),
    ),
  );
}

function rowsOf(rows: readonly Buffer[]): BinaryRows {
  return new BinaryRows(Buffer.concat(rows));
}

function lotId(sequence: number): string {
  return entryId('grants', SHARD, BigInt(sequence));
}
