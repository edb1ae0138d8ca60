import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TraceReader } from '@app/promotion';
import { TRACE_WORLDS } from '../../apps/simulator/src/traces/worlds/index.js';
import { writeTrace } from './write-trace.js';

const WORLD = TRACE_WORLDS[0]!;
const OPTIONS = { merchants: 10, days: 5, seed: '1' };

describe('a trace that is written', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'trace-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is the same bytes from the same options, gzipped and not', async () => {
    const write = async (name: string) => {
      await writeTrace(join(directory, name), WORLD, OPTIONS);
      return readFile(join(directory, name));
    };
    const plain = await write('a.ndjson');
    const packed = await write('a.ndjson.gz');
    expect((await write('b.ndjson')).equals(plain)).toBe(true);
    expect((await write('b.ndjson.gz')).equals(packed)).toBe(true);
    expect(gunzipSync(packed).equals(plain)).toBe(true);
  });

  it('holds what its totals say, every line ended', async () => {
    const path = join(directory, 'a.ndjson');
    const totals = await writeTrace(path, WORLD, OPTIONS);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    const reader = new TraceReader();
    const events = lines.map((line, i) => reader.read(line, i + 1));
    const slots = events.filter((event) => event.kind === 'slot');
    const lots = events.filter((event) => event.kind === 'lot');
    expect(totals).toEqual({
      merchants: OPTIONS.merchants,
      lots: lots.length,
      slots: slots.length,
      traffic: lots.reduce((sum, { amount }) => sum + amount, 0),
      room: slots.reduce((sum, { capacity }) => sum + capacity, 0),
    });
  });

  it('tells of each day, and leaves nothing else behind', async () => {
    const told: number[] = [];
    await writeTrace(join(directory, 'a'), WORLD, OPTIONS, (days) =>
      told.push(days),
    );
    expect(told).toEqual([1, 2, 3, 4, 5]);
    expect(await readdir(directory)).toEqual(['a']);
  });

  it('is refused where it cannot be written, and what stands there stays', async () => {
    await expect(
      writeTrace(join(directory, 'none', 'a'), WORLD, OPTIONS),
    ).rejects.toThrow('ENOENT');
    await expect(writeTrace(directory, WORLD, OPTIONS)).rejects.toThrow();
    expect(await readdir(directory)).toEqual([]);
    await rm(`${directory}.part`);
  });
});
