import fc from 'fast-check';
import { messageAt } from '../test/messages.js';
import {
  seenKey,
  sortIntake,
  type Intake,
  type ReadMessage,
} from './intake.js';

const SHARD = 3;

function intake(position: number, read: ReadMessage<string>): Intake<string> {
  return { position: BigInt(position), message: messageAt(position), read };
}

/** An event of this shard, unless it is said to be of another. */
function event(
  id: string,
  content = 'x',
  partition = SHARD,
): ReadMessage<string> {
  const key = Buffer.from(id);
  return { ok: true, event: id, key, hash: Buffer.from(content), partition };
}

function sort(reads: ReadMessage<string>[], seen: Record<string, string> = {}) {
  const { accepted, duplicates, misrouted, refused } = sortIntake(
    SHARD,
    reads.map((read, position) => intake(position, read)),
    new Map(
      Object.entries(seen).map(([id, content]) => [
        seenKey(Buffer.from(id)),
        Buffer.from(content),
      ]),
    ),
  );
  return {
    accepted: accepted.map(({ message }) => Number(message.position)),
    duplicates,
    misrouted: misrouted.map(({ message }) => Number(message.position)),
    refused: refused.map(({ message }) => Number(message.position)),
    reasons: refused.map(({ refusal }) => refusal),
  };
}

const NOTHING = {
  accepted: [],
  duplicates: 0,
  misrouted: [],
  refused: [],
  reasons: [],
};

describe('what comes in', () => {
  it('is accepted where it is new, in order', () => {
    expect(sort([event('b'), event('a')])).toEqual({
      ...NOTHING,
      accepted: [0, 1],
    });
    const [read] = [event('a', 'content')];
    const { accepted } = sortIntake(SHARD, [intake(7, read!)], new Map());
    expect(accepted).toEqual([
      {
        event: 'a',
        key: Buffer.from('a'),
        hash: Buffer.from('content'),
        message: messageAt(7),
      },
    ]);
  });

  it('is a duplicate where the same stood earlier in the batch', () => {
    expect(sort([event('a'), event('b'), event('a'), event('a')])).toEqual({
      ...NOTHING,
      accepted: [0, 1],
      duplicates: 2,
    });
  });

  it('is a duplicate where the same was taken before', () => {
    expect(sort([event('a')], { a: 'x' })).toEqual({
      ...NOTHING,
      duplicates: 1,
    });
  });

  it('is refused where the identity is known with another content', () => {
    const refused = { ...NOTHING, refused: [0], reasons: ['id_conflict'] };
    expect(sort([event('a')], { a: 'y' })).toEqual(refused);
    expect(sort([event('a', 'x'), event('a', 'y'), event('a', 'x')])).toEqual({
      accepted: [0],
      duplicates: 1,
      misrouted: [],
      refused: [1],
      reasons: ['id_conflict'],
    });
  });

  it('is misrouted where it belongs to another shard, and not counted here', () => {
    expect(sort([event('a', 'x', 4), event('a')])).toEqual({
      ...NOTHING,
      accepted: [1],
      misrouted: [0],
    });
    const reads = [intake(0, event('a', 'x', 4))];
    expect(sortIntake(SHARD, reads, new Map()).misrouted).toEqual([
      { message: messageAt(0), partition: 4 },
    ]);
  });

  it('is refused for the reason that reading it gave', () => {
    const unreadable = { ok: false, refusal: 'not_json', detail: 'x' } as const;
    expect(
      sortIntake(SHARD, [intake(0, unreadable)], new Map()).refused,
    ).toEqual([{ message: messageAt(0), refusal: 'not_json', detail: 'x' }]);
  });

  it('goes one way each, and an identity is accepted once at most', () => {
    const anyRead = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('a', 'b', 'c'),
          fc.constantFrom('x', 'y'),
          fc.constantFrom(SHARD, SHARD, 4),
        )
        .map((parts) => event(...parts)),
      fc.constant({ ok: false, refusal: 'empty', detail: '' } as const),
    );
    fc.assert(
      fc.property(
        fc.array(anyRead, { maxLength: 20 }),
        fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y')),
        (reads, seen) => {
          const sorted = sort(reads, seen);
          const { accepted, duplicates, misrouted, refused } = sorted;
          const placed = [...accepted, ...misrouted, ...refused];
          expect(new Set(placed).size).toBe(placed.length);
          expect(placed.length + duplicates).toBe(reads.length);
          const ids = accepted.map(
            (i) => (reads[i] as { event: string }).event,
          );
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids.filter((id) => id in seen)).toEqual([]);
        },
      ),
    );
  });
});
