import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * What a file holds, gzipped or not. Reading fails where the file cannot be read or unpacked.
 *
 * @param onRead is told how many bytes of the file have been read so far
 */
export async function openUnpacked(
  path: string,
  onRead: (bytes: number) => void = () => undefined,
): Promise<Readable> {
  const unpacking = (await isGzipped(path)) ? createGunzip() : null;
  const file = createReadStream(path);
  file.on('data', () => onRead(file.bytesRead)).pause();
  // Who reads what is unpacked fails with the same error.
  return unpacking ? pipeline(file, unpacking, () => undefined) : file;
}

/**
 * The lines of a text, UTF-8, without what ends them.
 */
export async function* linesOf(text: Readable): AsyncGenerator<string> {
  let begun = '';
  for await (const chunk of text.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (begun + chunk).split('\n');
    begun = lines.pop()!;
    yield* lines;
  }
  if (begun !== '') yield begun;
}

async function isGzipped(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(GZIP_MAGIC.length),
    });
    return bytesRead === GZIP_MAGIC.length && buffer.equals(GZIP_MAGIC);
  } finally {
    await file.close();
  }
}
