import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What can be had again by downloading or building: never anybody's data. */
export const CACHE_DIR = join(ROOT, '.cache');

/** As a person in the checkout would write it. */
export function shortPath(path: string): string {
  const fromRoot = relative(ROOT, path);
  return fromRoot.startsWith('..') || isAbsolute(fromRoot) ? path : fromRoot;
}
