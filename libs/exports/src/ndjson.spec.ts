import fc from 'fast-check';
import {
  encodeEntry,
  appendToChain,
  EMPTY_CHAIN,
  encodeNamedEntry,
} from '@app/ledger';
import { anyDraft, grantOf, NOW_MS } from '../../ledger/test/entries.js';
import { anyEntries, exportedEntries } from '../test/entries.js';
import { asHashed, recomputeHash } from './exported-entry.js';
import { ndjsonLine, parseNdjsonLine } from './ndjson.js';

describe('ndjsonLine', () => {
  it('is one line of JSON', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        for (const entry of entries) {
          const line = ndjsonLine(entry);
          expect(line.indexOf('\n')).toBe(line.length - 1);
          const { cause, postings } = JSON.parse(line) as Record<
            string,
            unknown
          >;
          expect(cause).toEqual(JSON.parse(entry.causeText));
          expect(postings).toHaveLength(entry.postings.length);
        }
      }),
    );
  });

  it('is read back exactly, and makes the hash again', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        for (const entry of entries) {
          const read = parseNdjsonLine(ndjsonLine(entry));
          expect(read).toEqual(entry);
          expect(recomputeHash(read)).toBe(entry.hash);
        }
      }),
    );
  });

  it('is enough for the canonical bytes of the entry', () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const { entries } = appendToChain(
          'grants',
          5,
          EMPTY_CHAIN,
          [draft],
          NOW_MS,
        );
        const [exported] = exportedEntries([draft]);
        const read = parseNdjsonLine(ndjsonLine(exported!));
        expect(encodeNamedEntry(asHashed(read))).toEqual(
          encodeEntry(entries[0]!),
        );
      }),
    );
  });

  it('has all digits of an amount that no double holds', () => {
    const [entry] = exportedEntries([grantOf(2n ** 63n - 1n)]);
    const line = ndjsonLine(entry!);
    expect(line).toContain('"amount":9223372036854775807');
    expect(parseNdjsonLine(line).postings[1]!.amount).toBe(2n ** 63n - 1n);
  });

  it('stays a line where the cause was changed to have several', () => {
    const [entry] = exportedEntries([grantOf(5n)]);
    const line = ndjsonLine({ ...entry!, causeText: '{\n"a":\r\n1}' });
    expect(line.endsWith('"cause":{ "a": 1}}\n')).toBe(true);
  });

  it.each(['m1","cause":{}', '\\', '"'])(
    'keeps a merchant %j from passing for JSON',
    (merchantId) => {
      const [entry] = exportedEntries([grantOf(5n, merchantId)]);
      expect(parseNdjsonLine(ndjsonLine(entry!))).toEqual(entry);
    },
  );
});
