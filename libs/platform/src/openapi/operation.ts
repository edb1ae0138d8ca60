import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

/** A body of an answer that is no JSON. */
export interface OtherContent {
  contentTypes: readonly string[];
}

/** What a route is to its callers: what the OpenAPI document says of it beyond what its parameters tell. */
export interface OperationDescription {
  /** Unique, and never changed: generated clients call it that. */
  id: string;
  /** In one line. */
  summary: string;
  /** What it is about: operations of one tag stand together. */
  tag: string;
  /** By status, what a good answer is. */
  answers: Record<number, z.ZodType | OtherContent>;
  /** Kinds of problem besides those that any call may have. */
  problems?: readonly string[];
  /** Whether it changes something, and so is asked with an `Idempotency-Key`. */
  changes?: true;
  /** Whether it may depend on what is there: a read has an `ETag` and takes `If-None-Match`, a change takes `If-Match`. */
  conditional?: true;
  /** Headers that are read, besides those of any call: what they say, by name. */
  headers?: Readonly<Record<string, { description: string; pattern?: string }>>;
}

const OPERATION = 'operation';

export const Operation = (description: OperationDescription) =>
  SetMetadata(OPERATION, description);

/** @returns undefined where nobody has described it */
export function operationOf(handler: object): OperationDescription | undefined {
  return Reflect.getMetadata(OPERATION, handler) as
    OperationDescription | undefined;
}
