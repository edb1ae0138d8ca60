import { grantOf, NOW_MS } from '../test/entries.js';
import { encodeEntry, type UnhashedEntry } from './encoding.js';

const ENTRY: UnhashedEntry = {
  ...grantOf(1_000n, '商家-1', 'grants-3-7'),
  shard: 3,
  journal: 'grants',
  sequence: 7n,
  recordedAtMs: NOW_MS + 1,
};

describe('the canonical bytes of an entry', () => {
  it('are its fields in order, each behind its length', () => {
    expect(fieldsOf(encodeEntry(ENTRY))).toEqual([
      'traffic-reward-ledger/entry/v1',
      'grants',
      '3',
      '7',
      'grant',
      '商家-1',
      '1731283200000',
      '1731283200001',
      '{"events":[{"id":"paid-1","offset":"17","partition":3,"source":"orders","topic":"merchant.activity.v1"}],' +
        '"expiresAt":"2024-12-01T00:00:00.000Z","goal":"orders","metric":"orders","period":"week:2024-11-11",' +
        '"poolRanDry":false,"program":"ladder","promised":1000,"threshold":1,"tier":"1-order",' +
        '"type":"goal_reached","value":1,"version":1}',
      '2',
      'pool:ladder',
      'ANY_IMP',
      '-1000',
      'grants-3-7',
      'merchant:商家-1:available',
      'ANY_IMP',
      '1000',
      'grants-3-7',
    ]);
  });

  it('are the same in whatever order the fields of the cause stand', () => {
    const cause = Object.fromEntries(
      Object.entries(ENTRY.cause).reverse(),
    ) as unknown as UnhashedEntry['cause'];
    expect(encodeEntry({ ...ENTRY, cause })).toEqual(encodeEntry(ENTRY));
  });
});

/** Reads the bytes by their description alone. */
function fieldsOf(bytes: Buffer): string[] {
  const fields: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    fields.push(bytes.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
