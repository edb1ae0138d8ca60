import { open, rename } from 'node:fs/promises';

/** Replaces a file as a whole: a crash leaves the old one or the new one, and no half of a key. */
export async function writeWhole(
  path: string,
  text: string,
  mode: number,
): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
