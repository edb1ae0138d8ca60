import { z } from 'zod';
import type { PublishedProgram as IssuedProgram } from '@app/ledger/postgres';
import {
  programsAfter,
  versionKey,
  type ProgramChange,
  type PublishedOrWithdrawn,
} from '@app/programs';
import { amount, instant, unit } from '../openapi/fields.js';

export const pause = z
  .strictObject({
    since: instant,
    pausedBy: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'ProgramPause' });

export const programHashField = z.string().meta({
  description: 'SHA-256 of its file as canonical JSON (RFC 8785).',
});

export const publishedProgram = z
  .strictObject({
    program: z.string(),
    /** The earliest first. */
    versions: z.array(
      z.strictObject({
        version: z.int(),
        programHash: programHashField,
        publishedAt: instant,
        /** `PROGRAMS_DIR` where it came with the granter; null where that is older than the record of it. */
        publishedBy: z.string().nullable(),
        /** Whether granters follow it: a version whose file was taken away is not. */
        isInForce: z.boolean(),
        /** What was issued with it; nothing until its home has taken it up. */
        budgets: z.array(z.strictObject({ unit, amount })),
      }),
    ),
    /** Null while it runs. */
    paused: pause.nullable(),
    /** Shards that have not taken up the last change of it: 0 once it holds everywhere. */
    shardsToFollow: z.int(),
    /** Over all versions. */
    funds: z.array(
      z.strictObject({
        unit,
        budget: amount,
        granted: amount,
        expired: amount,
        clawedBack: amount,
        left: amount,
      }),
    ),
  })
  .meta({ id: 'PublishedProgram' });
export type PublishedProgram = z.output<typeof publishedProgram>;

/** The last instant that there is. */
const NEVER = new Date(8.64e15);

/** What is known of programs: by the ledger, by the record of changes, and how far shards have come in that. */
export interface KnownPrograms {
  issued: readonly IssuedProgram[];
  changes: readonly ProgramChange[];
  /** Of each shard, the next change to take. */
  positions: readonly bigint[];
}

/** By name. */
export function tellPrograms({
  issued,
  changes,
  positions,
}: KnownPrograms): PublishedProgram[] {
  const names = new Set([
    ...issued.map(({ program }) => program),
    ...changes.map(({ program }) => program),
  ]);
  return [...names].sort().map((name) => {
    const ofProgram = changes.filter(({ program }) => program === name);
    const last = ofProgram.at(-1);
    const known = issued.find(({ program }) => program === name);
    return {
      program: name,
      versions: tellVersions(known?.versions ?? [], ofProgram),
      paused: tellPause(ofProgram, name),
      shardsToFollow: last
        ? positions.filter((position) => position <= last.sequence).length
        : 0,
      funds: known?.funds ?? [],
    };
  });
}

export function tellPause(
  changes: readonly ProgramChange[],
  program: string,
): z.output<typeof pause> | null {
  const paused = programsAfter(changes).paused.get(program);
  return paused
    ? {
        since: paused.recordedAt,
        pausedBy: paused.madeBy,
        reason: paused.reason ?? '',
      }
    : null;
}

/** A version from before there was a record was published with its budget; others before that was issued. */
function earlier(issuedAt = NEVER, recordedAt = NEVER): Date {
  return issuedAt < recordedAt ? issuedAt : recordedAt;
}

/** @param changes of one program */
function tellVersions(
  issued: IssuedProgram['versions'],
  changes: readonly ProgramChange[],
): PublishedProgram['versions'] {
  const inForce = new Set(programsAfter(changes).versions.map(versionKey));
  const published = new Map<number, PublishedOrWithdrawn>();
  for (const change of changes)
    if (change.change === 'published' && !published.has(change.version))
      published.set(change.version, change);
  const versions = new Set([
    ...issued.map(({ version }) => Number(version)),
    ...published.keys(),
  ]);
  return [...versions]
    .sort((a, b) => a - b)
    .map((version) => {
      const entry = issued.find((one) => Number(one.version) === version);
      const change = published.get(version);
      return {
        version,
        programHash: (change ?? entry)!.programHash,
        publishedAt: earlier(entry?.publishedAt, change?.recordedAt),
        publishedBy: change?.madeBy ?? null,
        isInForce: change !== undefined && inForce.has(versionKey(change)),
        budgets: entry?.budgets ?? [],
      };
    });
}
