import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(projectOf(import.meta.url));

/** What can be had again by downloading or building: never anybody's data. */
export const CACHE_DIR = join(ROOT, '.cache');

/** As a person in the checkout would write it. */
export function shortPath(path: string): string {
  const fromRoot = relative(ROOT, path);
  return fromRoot.startsWith('..') || isAbsolute(fromRoot) ? path : fromRoot;
}

/** Bundled, this module is somewhere else in the checkout than its source. */
function projectOf(url: string): URL {
  const folder = new URL('.', url);
  return existsSync(new URL('package.json', folder))
    ? folder
    : projectOf(new URL('..', folder).href);
}
