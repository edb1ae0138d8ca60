import { createHash, randomUUID } from 'node:crypto';
import { HttpException, HttpStatus } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { shardOf } from '@app/contracts';
import type { Pool } from '@app/ledger/postgres';
import { ProblemException, toProblem } from '@app/platform';
import { toExactJson } from '../exact-json.js';
import { explainFailure } from '../read-model/explain-failure.js';
import type { ChangeOrigin } from './change-request.js';
import { StoredAnswer } from './stored-answer.js';

/** What is asked for. */
export interface ChangeRequest {
  /** The operation's id in the OpenAPI document. */
  operation: string;
  /** Whom it is about; null where it is no merchant. */
  merchantId: string | null;
  /** Everything else that it is asked with. */
  request: object;
}

/** A change that is written down: whoever makes it again makes the same one. */
export interface Change {
  id: string;
  recordedAt: Date;
}

export interface Outcome {
  status: number;
  body: object;
}

/** A change that was not answered for that long was given up by a process that is gone: no work takes as long. */
const ABANDONED_AFTER_MS = 30_000;

/** Writes every change down before it is made, and what was answered, and makes none twice. */
export class ChangeLog {
  constructor(
    private readonly pool: Pool,
    private readonly shardCount: number,
  ) {}

  /**
   * Makes a change, unless its key says that it was made already: then its answer is given again. One that was begun is
   * made, whether its client stays or not: it may ask again what came of it.
   *
   * Between writing down and answering, the process may end, and whoever asks again has `work` done a second time with
   * the same change: it has to come to the same, e.g. by giving what it makes the change's id.
   *
   * @param work fails with a status of 500 or more where it may be tried again
   * @throws ProblemException 409 `change-in-progress`, 422 `idempotency-key-reused`, or what `work` throws
   */
  async perform(
    origin: ChangeOrigin,
    request: ChangeRequest,
    work: (change: Change) => Promise<Outcome>,
  ): Promise<StoredAnswer> {
    const shard = shardOf(
      `${origin.caller.issuer} ${origin.caller.subject}`,
      this.shardCount,
    );
    const known = await this.#writeDown(shard, origin, request);
    if (known instanceof StoredAnswer) return known;
    try {
      const { status, body } = await work(known);
      return await this.#answer(shard, known, {
        status,
        json: toExactJson(body)!,
        isFinal: true,
      });
    } catch (error) {
      const problem = toProblem(error, `urn:uuid:${randomUUID()}`);
      const isFinal =
        error instanceof HttpException &&
        problem.status < (HttpStatus.INTERNAL_SERVER_ERROR as number);
      const answer = this.#answer(shard, known, {
        status: problem.status,
        json: JSON.stringify(problem),
        isFinal,
      });
      if (isFinal) return answer;
      // What it failed by says more than that it cannot be written down.
      await answer.catch(() => undefined);
      throw error;
    }
  }

  /** @returns the change that is to be made, or the answer that it was given already */
  async #writeDown(
    shard: number,
    { caller, address, idempotencyKey }: ChangeOrigin,
    { operation, merchantId, request }: ChangeRequest,
  ): Promise<Change | StoredAnswer> {
    const requestHash = createHash('sha256')
      .update(canonicalize({ operation, merchantId, request })!)
      .digest();
    const { rows: made } = await this.#query<ChangeRow>(
      `INSERT INTO api_change (shard, change_id, issuer, subject, roles, token_id, address, operation, merchant_id,
         request, request_hash, idempotency_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (shard, issuer, subject, idempotency_key) DO NOTHING RETURNING change_id, recorded_at`,
      [
        shard,
        randomUUID(),
        caller.issuer,
        caller.subject,
        caller.roles,
        caller.tokenId,
        address,
        operation,
        merchantId,
        JSON.stringify(request),
        requestHash,
        idempotencyKey,
      ],
    );
    if (made[0]) return toChange(made[0]);
    const { rows } = await this.#query<KnownRow>(
      `SELECT change_id, recorded_at, request_hash, clock_timestamp() - recorded_at > $5::interval AS is_old,
         is_final, status, body
       FROM api_change LEFT JOIN api_answer USING (shard, change_id)
       WHERE shard = $1 AND issuer = $2 AND subject = $3 AND idempotency_key = $4
       ORDER BY is_final DESC NULLS LAST LIMIT 1`,
      [
        shard,
        caller.issuer,
        caller.subject,
        idempotencyKey,
        `${ABANDONED_AFTER_MS} milliseconds`,
      ],
    );
    return decide(rows[0]!, requestHash);
  }

  async #answer(
    shard: number,
    { id }: Change,
    {
      status,
      json,
      isFinal,
    }: { status: number; json: string; isFinal: boolean },
  ): Promise<StoredAnswer> {
    await this.#query(
      `INSERT INTO api_answer (shard, change_id, is_final, status, body) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [shard, id, isFinal, status, json],
    );
    return new StoredAnswer(status, json);
  }

  async #query<Row extends object>(
    text: string,
    values: unknown[],
  ): Promise<{ rows: Row[] }> {
    try {
      return await this.pool.query<Row>(text, values);
    } catch (error) {
      throw explainFailure(error, (error as { code?: string }).code);
    }
  }
}

interface ChangeRow {
  change_id: string;
  recorded_at: Date;
}

interface KnownRow extends ChangeRow {
  request_hash: Buffer;
  is_old: boolean;
  /** Null where it was not answered. */
  is_final: boolean | null;
  status: number | null;
  body: string | null;
}

/** What to do for somebody whose key is known. */
function decide(known: KnownRow, requestHash: Buffer): Change | StoredAnswer {
  if (!known.request_hash.equals(requestHash))
    throw new ProblemException({
      kind: 'idempotency-key-reused',
      status: HttpStatus.UNPROCESSABLE_ENTITY,
      detail: 'The Idempotency-Key was used for another change.',
    });
  if (known.is_final) return new StoredAnswer(known.status!, known.body!);
  // It failed, or its process ended without an answer.
  if (known.is_final === false || known.is_old) return toChange(known);
  throw new ProblemException({
    kind: 'change-in-progress',
    status: HttpStatus.CONFLICT,
    detail: 'The change with this Idempotency-Key is being made.',
    headers: { 'retry-after': '5' },
  });
}

function toChange(row: ChangeRow): Change {
  return { id: row.change_id, recordedAt: row.recorded_at };
}
