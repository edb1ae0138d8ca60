import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeTraceLine } from '@app/promotion';
import { UserError } from '../../support/cli.js';
import {
  DAY_MS,
  HOUR_MS,
  lot,
  slot,
  trace,
} from '../../spending/test/small-traces.js';
import { readTrace } from './trace-file.js';

const START_MS = Date.parse('2026-10-20T00:00:00+08:00');
const small = trace(
  [lot({ atMs: START_MS, expiresAtMs: START_MS + DAY_MS })],
  [slot({ atMs: START_MS }), slot({ atMs: START_MS + 1, targetId: 's2' })],
);
const lines = [...small.merchants.values(), ...small.lots, ...small.slots].map(
  writeTraceLine,
);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(directory, 'trace');
  await writeFile(path, content);
  return path;
}

describe('a trace file', () => {
  it('is read gzipped or not, with and without a last line break', async () => {
    for (const text of [lines.join('\n'), `${lines.join('\r\n')}\r\n`])
      for (const content of [text, gzipSync(text)])
        expect(await readTrace(await fileOf(content))).toEqual(small);
  });

  it('says how much of it was read', async () => {
    const content = lines.join('\n');
    let read = 0;
    await readTrace(await fileOf(content), (bytes) => {
      read = bytes;
    });
    expect(read).toBe(content.length);
  });

  it('may stand in any order, and begin with a byte order mark', async () => {
    const content = `\uFEFF${lines.toReversed().join('\n')}`;
    for (const packed of [content, gzipSync(content)])
      expect(await readTrace(await fileOf(packed))).toEqual(small);
  });

  it('is brought in the order of time, and keeps its own among lots or slots of one instant', async () => {
    const at = (hours: number) => START_MS + hours * HOUR_MS;
    const lots = [
      lot({ lotId: 'b', atMs: at(1), expiresAtMs: at(9) }),
      lot({ lotId: 'c', atMs: at(0), expiresAtMs: at(9) }),
      lot({ lotId: 'a', atMs: at(1), expiresAtMs: at(9) }),
    ];
    const slots = [
      slot({ targetId: 'y', atMs: at(2) }),
      slot({ targetId: 'z', atMs: at(1) }),
      slot({ targetId: 'x', atMs: at(2) }),
    ];
    const merchants = small.merchants.values();
    const path = await fileOf(
      [...slots, ...lots, ...merchants].map(writeTraceLine).join('\n'),
    );
    const read = await readTrace(path);
    expect(read.lots.map(({ lotId }) => lotId)).toEqual(['c', 'b', 'a']);
    expect(read.slots.map(({ targetId }) => targetId)).toEqual(['z', 'y', 'x']);
  });

  it('is refused with the number of the line that is wrong, also where that shows only at the end', async () => {
    const path = await fileOf(
      [lines[0], '', lines[1], lines[1], lines[2]].join('\n'),
    );
    await expect(readTrace(path)).rejects.toThrow(
      new UserError(`${path}: line 4: lotId: expected a lot not yet there.`),
    );
    await fileOf(['', lines[1], lines[2]].join('\n'));
    await expect(readTrace(path)).rejects.toThrow(
      new UserError(
        `${path}: line 2: merchantId: expected a merchant who has a line of their own.`,
      ),
    );
  });

  it('is refused where it breaks off, is not there or has no slots', async () => {
    const packed = gzipSync(lines.join('\n'));
    await expect(
      readTrace(await fileOf(packed.subarray(0, -9))),
    ).rejects.toThrow('unexpected end of file');
    await expect(readTrace(join(directory, 'none'))).rejects.toThrow('ENOENT');
    await expect(readTrace(await fileOf(lines[0]!))).rejects.toThrow(
      'holds no slots',
    );
  });
});
