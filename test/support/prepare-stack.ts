import type { TestProject } from 'vitest/node';
import { ensureKafkaJars } from '../../tools/stack/kafka-jars.js';
import { ensureAppsBuilt } from '../../tools/support/build-apps.js';

/** Does once what every `npm start` of the whole-system tests would wait for. */
export default async function prepareStack(
  project: TestProject,
): Promise<void> {
  const say = (what: string) => project.vitest.logger.log(what);
  await Promise.all([ensureKafkaJars(say), ensureAppsBuilt(say)]);
}
