import type { z } from 'zod';
import { TYPE_PREFIX } from '../problem.js';
import {
  toJsonSchema,
  type JsonSchema,
  type NamedSchemas,
} from './json-schema.js';
import type { OperationDescription, OtherContent } from './operation.js';
import type { Route } from './routes.js';

/** A kind of problem: what its `type` ends with. */
export interface ProblemKind {
  status: number;
  /** In a sentence. */
  meaning: string;
}

export interface DocumentOptions {
  title: string;
  version: string;
  description: string;
  /** Every kind of problem that there is, by its name. */
  problems: Readonly<Record<string, ProblemKind>>;
  /** Those that a call may have, whatever it is. */
  problemsOf: (route: Route) => readonly string[];
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

/** What a service answers to, as OpenAPI 3.1 has it; from the very schemas that it validates with. */
export function openApiDocument(
  routes: readonly Route[],
  { title, version, description, problems, problemsOf }: DocumentOptions,
) {
  const schemas: NamedSchemas = { Problem: PROBLEM };
  const refusals: Record<string, ResponseObject> = {};
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const route of routes) {
    const kinds = [...problemsOf(route), ...(route.operation.problems ?? [])];
    (paths[route.path] ??= {})[route.method] = {
      operationId: route.operation.id,
      summary: route.operation.summary,
      tags: [route.operation.tag],
      ...accessOf(route),
      parameters: parametersOf(route, schemas),
      ...bodyOf(route, schemas),
      responses: {
        ...answersOf(route.operation, schemas),
        ...problemResponses(kinds, problems, refusals),
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title, version, description },
    paths: sorted(paths),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      responses: sorted(refusals),
      schemas: sorted(schemas),
    },
  };
}

export interface OperationObject {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  /** The parameter of the path that has to be the merchant's own id, where a merchant calls. */
  'x-own-merchant'?: string;
  parameters: ParameterObject[];
  requestBody?: { required: true; content: Content };
  responses: Record<string, ResponseObject | { $ref: string }>;
}

export interface ResponseObject {
  description: string;
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  content: Content;
}

interface ParameterObject {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

type Content = Record<string, { schema?: JsonSchema }>;

/** Any one of the roles is enough. */
function accessOf({ access }: Route) {
  if (access.type === 'public') return { security: [] };
  const { roles, ownMerchantParam } = access;
  const all = ownMerchantParam === null ? roles : ['merchant', ...roles];
  return {
    security: all.map((role) => ({ bearer: [role] })),
    ...(ownMerchantParam === null
      ? {}
      : { 'x-own-merchant': ownMerchantParam }),
  };
}

function parametersOf(
  { inputs, operation }: Route,
  schemas: NamedSchemas,
): ParameterObject[] {
  const parameters = (
    [
      ['path', inputs.params],
      ['query', inputs.query],
    ] as const
  ).flatMap(([place, fields]) =>
    Object.entries(fields?.shape ?? {}).map(
      ([name, field]): ParameterObject => {
        const { description, ...schema } = toJsonSchema(
          field as z.ZodType,
          'input',
          schemas,
        );
        return {
          name,
          in: place,
          required: !(field as z.ZodType).safeParse(undefined).success,
          ...(typeof description === 'string' ? { description } : {}),
          schema,
        };
      },
    ),
  );
  return [...parameters, ...headersOf(operation)];
}

function headersOf({
  changes,
  conditional,
  headers = {},
}: OperationDescription): ParameterObject[] {
  const condition = changes ? IF_MATCH : IF_NONE_MATCH;
  return [
    ...(changes ? [IDEMPOTENCY_KEY] : []),
    ...(conditional ? [condition] : []),
    ...Object.entries(headers).map(
      ([name, { description, ...schema }]): ParameterObject => ({
        name,
        in: 'header',
        required: false,
        description,
        schema: { type: 'string', ...schema },
      }),
    ),
  ];
}

const IDEMPOTENCY_KEY: ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'A new one for each change, such as a UUID: asking again with the same one changes nothing twice.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const IF_NONE_MATCH: ParameterObject = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of an earlier answer: 304 where nothing has changed since.',
  schema: { type: 'string' },
};

const IF_MATCH: ParameterObject = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of what was read: the change is refused where that is no longer what there is.',
  schema: { type: 'string' },
};

function bodyOf({ inputs }: Route, schemas: NamedSchemas) {
  if (!inputs.body) return {};
  const schema = toJsonSchema(inputs.body, 'input', schemas);
  return {
    requestBody: {
      required: true as const,
      content: { 'application/json': { schema } },
    },
  };
}

function answersOf(
  { answers, conditional, changes }: OperationDescription,
  schemas: NamedSchemas,
): Record<string, ResponseObject> {
  const isTagged = conditional && !changes;
  const headers = isTagged ? { headers: { ETag: ENTITY_TAG } } : {};
  return {
    ...Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [
        status,
        {
          description: 'Good',
          ...headers,
          content: contentOf(answer, schemas),
        },
      ]),
    ),
    ...(isTagged
      ? { 304: { description: 'As it was', ...headers, content: {} } }
      : {}),
  };
}

const ENTITY_TAG = {
  description: 'Another for another content (RFC 9110).',
  schema: { type: 'string' },
};

function contentOf(
  answer: z.ZodType | OtherContent,
  schemas: NamedSchemas,
): Content {
  return 'contentTypes' in answer
    ? Object.fromEntries(answer.contentTypes.map((type) => [type, {}]))
    : {
        'application/json': { schema: toJsonSchema(answer, 'output', schemas) },
      };
}

/** @param refusals what is answered by status and kinds of problem: the same for many operations */
function problemResponses(
  kinds: readonly string[],
  problems: Readonly<Record<string, ProblemKind>>,
  refusals: Record<string, ResponseObject>,
) {
  const byStatus = new Map<number, string[]>();
  for (const kind of new Set(kinds)) {
    const problem = problems[kind];
    if (!problem) throw new Error(`there is no problem "${kind}"`);
    const { status } = problem;
    byStatus.set(status, [...(byStatus.get(status) ?? []), kind]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => {
      const name = ofStatus.join('.');
      refusals[name] ??= problemResponse(ofStatus, problems);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function problemResponse(
  kinds: readonly string[],
  problems: Readonly<Record<string, ProblemKind>>,
): ResponseObject {
  const types = kinds.map((kind) => TYPE_PREFIX + kind);
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { properties: { type: { enum: types } } },
    ],
  };
  return {
    description: kinds
      .map((kind) => `\`${kind}\`: ${problems[kind]!.meaning}`)
      .join('; '),
    content: { 'application/problem+json': { schema } },
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
        },
        required: ['field', 'message'],
        additionalProperties: false,
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance'],
  additionalProperties: false,
};

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
