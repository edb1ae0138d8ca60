import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { ROOT } from '../support/paths.js';
import { javaCommand } from './java.js';
import { Daemon, type Exit } from './daemon.js';
import { findFreePort } from './ports.js';
import { waitUntilReady } from './wait-until-ready.js';

const run = promisify(execFile);

const NODE_ID = 1;
const LOG_CONFIGURATION = join(ROOT, 'tools', 'kafka', 'log4j2.yaml');
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 4_000;

export interface KafkaOptions {
  /** Holds the configuration and the logs of the topics; made where it is missing. */
  dir: string;
  port: number;
  logFile: string;
  pidFile: string;
  /** The directory of Kafka's jars, see `ensureKafkaJars`. */
  libDir: string;
  signal?: AbortSignal;
}

export interface RunningKafka {
  /** `host:port`, as `KAFKA_BROKERS` takes it. */
  brokers: string;
  exited: Promise<Exit>;
  stop: () => Promise<void>;
}

/**
 * Starts one Kafka node, broker and controller in one process, on 127.0.0.1 alone.
 *
 * @throws NotReadyError where it does not answer in time
 */
export async function startKafka({
  dir,
  port,
  logFile,
  pidFile,
  libDir,
  signal = new AbortController().signal,
}: KafkaOptions): Promise<RunningKafka> {
  await mkdir(dir, { recursive: true });
  const configuration = join(dir, 'server.properties');
  const logDir = join(dir, 'topics');
  await writeFile(
    configuration,
    serverProperties({ port, controllerPort: await findFreePort(), logDir }),
  );
  const java = javaCommand();
  const classPath = join(libDir, '*');
  if (!existsSync(logDir)) await format(java, classPath, configuration, logDir);

  const daemon = new Daemon({
    name: 'kafka',
    command: java,
    args: [
      '-Xms256m',
      '-Xmx768m',
      `-Dlog4j2.configurationFile=${LOG_CONFIGURATION}`,
      '-cp',
      classPath,
      'kafka.Kafka',
      configuration,
    ],
    logFile,
    pidFile,
    marker: `kafka.Kafka ${configuration}`,
    stopSignal: 'SIGTERM',
  });
  const brokers = `127.0.0.1:${port}`;
  await waitUntilReady(daemon, () => describeCluster(brokers), {
    withinMs: READY_WITHIN_MS,
    signal,
  });
  return {
    brokers,
    exited: daemon.exited,
    stop: () => daemon.stop(STOP_WITHIN_MS),
  };
}

interface ServerSettings {
  port: number;
  controllerPort: number;
  logDir: string;
}

function serverProperties({
  port,
  controllerPort,
  logDir,
}: ServerSettings): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': NODE_ID,
    'controller.quorum.voters': `${NODE_ID}@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': logDir,
    // A misspelt topic is an error, and every topic has as many partitions as there are shards.
    'auto.create.topics.enable': false,
    // The time that a retention counts from is the broker's, whatever times a replay brings.
    'log.message.timestamp.type': 'LogAppendTime',
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    // A node that was killed comes back only when its former self is given up for lost.
    'broker.heartbeat.interval.ms': 1_000,
    'broker.session.timeout.ms': 4_000,
    // One member a group: nobody to wait for.
    'group.initial.rebalance.delay.ms': 0,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Formatted aside and renamed, so that an interrupted format is never taken for a node's storage. */
async function format(
  java: string,
  classPath: string,
  configuration: string,
  logDir: string,
): Promise<void> {
  const unfinished = `${logDir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const aside = `${configuration}.unfinished`;
  await writeFile(
    aside,
    serverProperties({ port: 1, controllerPort: 2, logDir: unfinished }),
  );
  await run(java, [
    // It ends before what the second compiler makes could be of use.
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${LOG_CONFIGURATION}`,
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    '--cluster-id',
    newClusterId(),
    '--config',
    aside,
  ]);
  await rm(aside);
  await rename(unfinished, logDir);
}

/** 16 random bytes in base64url, as Kafka makes them; a leading dash would read as an option. */
function newClusterId(): string {
  for (;;) {
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString(
      'base64url',
    );
    if (!id.startsWith('-')) return id;
  }
}

async function describeCluster(brokers: string): Promise<void> {
  const admin = new Kafka({
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0)
      throw new Error('the broker has not joined its cluster yet');
  } finally {
    await admin.disconnect();
  }
}
