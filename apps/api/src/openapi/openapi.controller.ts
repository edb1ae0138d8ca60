import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import {
  openApiDocument,
  Operation,
  Public,
  type OpenApiDocument,
  type Route,
} from '@app/platform';
import { PROBLEMS, problemsOf } from './problems.js';

export const ROUTES = Symbol('ROUTES');

/** What the api answers to, for whoever writes a client, or has one generated. */
@Controller('openapi.json')
export class OpenApiController {
  readonly #document: OpenApiDocument;

  constructor(@Inject(ROUTES) routes: readonly Route[]) {
    this.#document = describeApi(routes);
  }

  @Get()
  @Public()
  @Operation({
    id: 'readOpenApi',
    tag: 'operations',
    summary: 'This document',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  })
  read(): OpenApiDocument {
    return this.#document;
  }
}

export function describeApi(routes: readonly Route[]): OpenApiDocument {
  return openApiDocument(routes, {
    title: 'Traffic-reward ledger',
    version: '1',
    description:
      'What merchants, auditors and operators ask of the ledger. See docs/api.md for what holds for every call.',
    problems: PROBLEMS,
    problemsOf,
  });
}
