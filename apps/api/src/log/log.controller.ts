import { Controller, Get, HttpStatus, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Queryable } from '@app/ledger/postgres';
import {
  invalidRequest,
  Operation,
  ProblemException,
  Roles,
} from '@app/platform';
import { ClientGone } from '../http/client-presence.js';
import { leafHash } from '@app/transparency';
import { entryIdField, parseEntryId } from '../audit/entry-id.js';
import { AuditReader } from '../read-model/moment-readers.js';
import { hash, toBase64 } from './hashes.js';
import { LogReader } from './log-reader.js';

const SIZE_EXPECTED = 'expected the size of a tree, from 1 on';

const treeSize = z
  .string(SIZE_EXPECTED)
  .regex(/^[1-9]\d{0,14}$/, SIZE_EXPECTED)
  .transform(Number)
  .meta({
    openapi: { type: 'integer', minimum: 1, maximum: 999_999_999_999_999 },
  });

const inclusionQuery = z.strictObject({
  entry: entryIdField,
  size: treeSize
    .describe('Of the tree: that of a checkpoint; of the last, by default.')
    .optional(),
});
const consistencyQuery = z
  .strictObject({ from: treeSize, to: treeSize.optional() })
  .refine(({ from, to }) => to === undefined || from <= to, {
    path: ['to'],
    message: 'expected a tree that is no smaller than `from`',
  });

const checkpointAnswer = z
  .strictObject({
    /** As it is signed (C2SP tlog-checkpoint). */
    note: z.string(),
    origin: z.string(),
    size: z.int(),
    root: hash,
  })
  .meta({ id: 'Checkpoint' });

const inclusion = z
  .strictObject({
    entryId: z.string(),
    position: z.int(),
    size: z.int(),
    /** The bytes that stand for the entry in the log, in base64. */
    leaf: z.base64(),
    leafHash: hash,
    /** PATH(m, D[n]) of RFC 6962, section 2.1.1. */
    proof: z.array(hash),
  })
  .meta({ id: 'InclusionProof' });

const consistency = z
  .strictObject({
    from: z.int(),
    to: z.int(),
    /** PROOF(m, D[n]) of RFC 6962, section 2.1.2. */
    proof: z.array(hash),
  })
  .meta({ id: 'ConsistencyProof' });

/** The log by which anybody can check that nothing of the past has changed. */
@Controller('v1/log')
@Roles('auditor', 'operator', 'approver')
export class LogController {
  constructor(
    private readonly log: LogReader,
    private readonly reader: AuditReader,
  ) {}

  @Get('checkpoint')
  @Operation({
    id: 'readCheckpoint',
    tag: 'log',
    summary: 'The last checkpoint that was signed',
    answers: { 200: checkpointAnswer },
    problems: ['log-unavailable'],
  })
  async checkpoint(): Promise<z.output<typeof checkpointAnswer>> {
    const { note, checkpoint } = await this.log.checkpoint();
    const { origin, size, root } = checkpoint;
    return { note, origin, size, root: root.toString('base64') };
  }

  @Get('inclusion')
  @Operation({
    id: 'proveInclusion',
    tag: 'log',
    summary: 'The proof that an entry is in the log',
    answers: { 200: inclusion },
    problems: ['log-unavailable', 'not-found'],
  })
  async inclusion(
    @Query({ schema: inclusionQuery })
    { entry: entryId, size: asked }: z.output<typeof inclusionQuery>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof inclusion>> {
    const size = await this.#sizeOf('size', asked);
    const position = await this.reader.read(
      (db) => readPosition(db, entryId),
      gone,
    );
    if (position === null || position >= size)
      throw new ProblemException({
        kind: 'not-found',
        status: HttpStatus.NOT_FOUND,
        detail: `There is no entry ${entryId} in the tree of ${size}.`,
      });
    const { leaf, proof } = await this.log.proveInclusion(position, size);
    return {
      entryId,
      position,
      size,
      leaf: leaf.toString('base64'),
      leafHash: leafHash(leaf).toString('base64'),
      proof: proof.map(toBase64),
    };
  }

  @Get('consistency')
  @Operation({
    id: 'proveConsistency',
    tag: 'log',
    summary:
      'The proof that one checkpoint’s log is the beginning of another’s',
    answers: { 200: consistency },
    problems: ['log-unavailable'],
  })
  async consistency(
    @Query({ schema: consistencyQuery })
    { from, to: asked }: z.output<typeof consistencyQuery>,
  ): Promise<z.output<typeof consistency>> {
    const to = await this.#sizeOf('to', asked);
    if (from > to)
      throw invalidRequest([
        { field: 'from', message: `the log has a tree of ${to}` },
      ]);
    const proof = await this.log.proveConsistency(from, to);
    return { from, to, proof: proof.map(toBase64) };
  }

  /** That of the last checkpoint, where none was asked for. */
  async #sizeOf(field: string, asked: number | undefined): Promise<number> {
    const { checkpoint } = await this.log.checkpoint();
    if (asked === undefined) return checkpoint.size;
    if (asked <= checkpoint.size) return asked;
    throw invalidRequest([
      { field, message: `the log has a tree of ${checkpoint.size}` },
    ]);
  }
}

/** Where an entry is in the sealed order; null where it is not yet, or there is none. */
async function readPosition(
  db: Queryable,
  entryId: string,
): Promise<number | null> {
  const { shard, journal, sequence } = parseEntryId(entryId);
  const { rows } = await db.query<{ position: bigint }>({
    name: 'position-of-entry',
    text: `
      SELECT first_position + $3::bigint - first_sequence AS position FROM audit.sealed_range
      WHERE shard = $1 AND journal = $2 AND first_sequence <= $3 AND last_sequence >= $3`,
    values: [shard, journal, sequence],
  });
  return rows[0] ? Number(rows[0].position) : null;
}
