import { ShardWriter, type SourceBatch } from '@app/streaming';
import { randomOf } from './random.js';
import {
  countParcels,
  SimulatedError,
  simulateWorld,
  type Counted,
  type Fault,
  type Parcel,
  type Tip,
  type Work,
} from './simulated-world.js';

const SHARD = 3;
const MESSAGES = 8;
/** After so many operations nothing fails any more. */
const TROUBLED_OPERATIONS = 150;
/** Long after everything must have been counted. */
const STEPS_MAX = 2_000;

type Writer = ShardWriter<Parcel, Tip, Counted, Work>;

interface Source {
  name: string;
  /** At positions that skip, the first perhaps not 0. */
  parcels: Parcel[];
  end: bigint;
}

/**
 * Two processes that both believe to have the shard take it from two sources, while batches come twice,
 * overlap and skip, processes crash and stall, and all that can fail fails. Everything that happens
 * follows from the seed.
 */
export async function simulate(seed: number) {
  const random = randomOf(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const chance = (probability: number) => random() < probability;
  const pick = <T>(from: readonly T[]) => from[upTo(from.length)]!;

  const faultRate = pick([0, 0.1, 0.4]);
  let operations = 0;
  const world = simulateWorld(() => {
    operations += 1;
    return operations < TROUBLED_OPERATIONS && chance(faultRate)
      ? pick<Fault>(['before', 'midway', 'after'])
      : 'none';
  }, pause);
  const parcel = (name: string, position: bigint): Parcel => ({
    name,
    position,
    isRefused: chance(0.2),
    callsForOrder: chance(0.3),
  });
  const sources = ['activity', 'delivery'].map((name) => makeSource(name));
  const ticks = { taken: [] as string[], refused: [] as string[] };
  const everyParcel = sources.flatMap(({ parcels }) => parcels);
  const stalled: Promise<unknown>[] = [];

  await Promise.all([runProcess('p1'), runProcess('p2')]);
  await Promise.all(stalled);
  operations = TROUBLED_OPERATIONS;
  // Whoever has the shard next finishes what is still to be published.
  await startWriter().positionOf('activity');
  return { world, sources, ticks, everyParcel };

  function makeSource(name: string): Source {
    const parcels: Parcel[] = [];
    let at = BigInt(upTo(3));
    for (let i = 0; i < MESSAGES; i += 1) {
      parcels.push(parcel(`${name}/${at}`, at));
      at += chance(0.3) ? 1n + BigInt(upTo(3)) : 1n;
    }
    return { name, parcels, end: at };
  }

  async function pause(): Promise<void> {
    for (let turns = upTo(6); turns > 0; turns -= 1) await Promise.resolve();
  }

  function startWriter(): Writer {
    return new ShardWriter(
      SHARD,
      world.store,
      world.broker,
      world.clock,
      countParcels,
    );
  }

  function isDone(): boolean {
    return sources.every(
      ({ name, parcels }) =>
        (world.position(name) ?? -1n) > parcels.at(-1)!.position,
    );
  }

  async function runProcess(name: string): Promise<void> {
    let writer = startWriter();
    let readFrom = new Map<string, bigint>();
    for (let step = 0; !isDone(); step += 1) {
      if (step > STEPS_MAX) throw new Error(`${name} does not get on`);
      if (chance(0.03)) {
        writer = startWriter();
        readFrom = new Map();
      }
      // A rebalance may come at any moment of a step.
      if (chance(0.1)) stalled.push(forgetHeadSoon(writer));
      const work = chance(0.1)
        ? tick(writer, `${name} ticks ${step}`)
        : read(writer, pick(sources), readFrom);
      if (chance(0.05)) stalled.push(work);
      else await work;
    }
  }

  async function forgetHeadSoon(writer: Writer): Promise<void> {
    for (let pauses = upTo(10); pauses > 0; pauses -= 1) await pause();
    writer.forgetHead();
  }

  async function tick(writer: Writer, name: string): Promise<void> {
    const its = parcel(name, -1n);
    everyParcel.push(its);
    try {
      const isTaken = await writer.takeUnpositioned([its]);
      (isTaken ? ticks.taken : ticks.refused).push(name);
    } catch (error) {
      // It may have been taken or not: the timer asks the state again.
      if (!(error instanceof SimulatedError)) throw error;
    }
  }

  async function read(
    writer: Writer,
    source: Source,
    readFrom: Map<string, bigint>,
  ): Promise<void> {
    try {
      const batch = nextBatch(source, readFrom.get(source.name));
      readFrom.set(source.name, await writer.take(batch));
    } catch (error) {
      // The batch comes again.
      if (!(error instanceof SimulatedError)) throw error;
    }
  }

  /** What Kafka gives: as a rule what was asked for, and now and then from an older place or a later one. */
  function nextBatch(
    { name, parcels, end }: Source,
    asked: bigint | undefined,
  ): SourceBatch<Parcel> {
    const earliest = parcels[0]!.position;
    let from = asked ?? earliest;
    if (chance(0.2)) from = pick(parcels).position;
    const ahead = parcels.filter(({ position }) => position >= from);
    const messages = ahead.slice(0, 1 + upTo(4));
    const after = ahead[messages.length]?.position ?? end;
    const last = messages.at(-1)?.position ?? from - 1n;
    const next = chance(0.5) ? last + 1n : after;
    return { source: name, shard: SHARD, from, next, earliest, messages };
  }
}
