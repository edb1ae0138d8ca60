import {
  readFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_DIR, ROOT } from '../support/paths.js';
import { runProgram } from '../support/run-program.js';
import { assertJava, assertMaven } from './java.js';

const POM = join(ROOT, 'tools', 'kafka', 'pom.xml');

/**
 * Has Maven fetch Kafka's jars, unless they are there already.
 *
 * @param onProgress told what happens, in words, where it takes long
 * @returns the directory of the jars
 * @throws UserError saying what to install where Java or Maven is missing
 * @throws UserError with Maven's last words where it fails
 */
export async function ensureKafkaJars(
  onProgress: (what: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const pom = await readFile(POM, 'utf8');
  const [, version] = /<kafka\.version>(.+)<\/kafka\.version>/.exec(pom)!;
  const libDir = join(CACHE_DIR, `kafka-${version}`);
  await assertJava();
  if (await cameFrom(libDir, pom)) return libDir;

  await assertMaven();
  await mkdir(CACHE_DIR, { recursive: true });
  // Fetched aside and renamed, so that an interrupted download is never taken for the whole.
  const unfinished = await mkdtemp(`${libDir}-`);
  try {
    let files = 0;
    onProgress(`fetching Kafka ${version} through Maven, about 45 MB`);
    await runProgram(
      'mvn',
      [
        '--batch-mode',
        '--file',
        POM,
        'dependency:copy-dependencies',
        '-DincludeScope=runtime',
        `-DoutputDirectory=${unfinished}`,
      ],
      {
        signal,
        onLine: (line) => {
          if (!/Downloaded from .*\.jar/.test(line)) return;
          files += 1;
          onProgress(`fetching Kafka ${version} through Maven: ${files} files`);
        },
      },
    );
    await writeFile(join(unfinished, 'pom.xml'), pom);
    await rm(libDir, { recursive: true, force: true });
    await rename(unfinished, libDir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return libDir;
}

/** The jars lie beside a copy of the pom that they were fetched by: another pom, another set of jars. */
async function cameFrom(libDir: string, pom: string): Promise<boolean> {
  const fetchedBy = await readFile(join(libDir, 'pom.xml'), 'utf8').catch(
    () => null,
  );
  return fetchedBy === pom;
}
