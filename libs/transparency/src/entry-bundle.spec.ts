import fc from 'fast-check';
import { hex, unhex } from '../test/logs.js';
import { decodeBundle, encodeBundled } from './entry-bundle.js';

describe('an entry bundle', () => {
  it('gives back any entries', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (added) => {
        const bundle = Buffer.concat(added.map(encodeBundled));
        const read = decodeBundle(bundle).map((entry) => new Uint8Array(entry));
        expect(read).toEqual(added);
      }),
    );
  });

  it('leads an entry by its length, and takes none that is too long', () => {
    expect(hex(encodeBundled(Buffer.from('abc')))).toBe('0003616263');
    expect(encodeBundled(Buffer.alloc(65_535))).toHaveLength(65_537);
    expect(() => encodeBundled(Buffer.alloc(65_536))).toThrow(
      'an entry of 65536 bytes: a log takes up to 65535',
    );
  });

  it.each(['00', '0001', '00016100'])('is not %s', (bytes) => {
    expect(() => decodeBundle(unhex(bytes))).toThrow('is cut off in its entry');
  });
});
