import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type {
  CallerRole,
  OpenApiDocument,
  ResponseObject,
} from '@app/platform';

/** The document that is kept beside the code; a test says that it is what the code does. */
export const DOCUMENT = JSON.parse(
  readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument;

export interface DocumentedOperation {
  id: string;
  method: string;
  path: string;
  /** Who may call it; none where anybody may. */
  roles: CallerRole[];
  /** Where a merchant is to name itself in the path. */
  ownMerchantParam: string | undefined;
  isChange: boolean;
  /** Whether a good answer has no end. */
  isStream: boolean;
}

export const OPERATIONS: DocumentedOperation[] = Object.entries(
  DOCUMENT.paths,
).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    id: operation.operationId,
    method,
    path,
    roles: operation.security.flatMap(
      ({ bearer }) => (bearer ?? []) as CallerRole[],
    ),
    ownMerchantParam: operation['x-own-merchant'],
    isChange: operation.parameters.some(
      ({ name }) => name === 'Idempotency-Key',
    ),
    isStream: isStream(operation.responses['200']),
  })),
);

function isStream(
  answer: ResponseObject | { $ref: string } | undefined,
): boolean {
  return (
    answer !== undefined &&
    'content' in answer &&
    'text/event-stream' in answer.content
  );
}

/** What a call is made with; `path` and `query` by name. */
export interface CallValues {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
}

/** The address of an operation with its values. */
export function addressOf(
  { path }: DocumentedOperation,
  { path: values = {}, query = {} }: CallValues,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(query).toString();
  return search ? `${filled}?${search}` : filled;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
// Every digit is there; a test reads as many as a double has.
ajv.addFormat('int64', { type: 'number', validate: Number.isInteger });
// Checked by its pattern.
ajv.addFormat('base64', true);
ajv.addSchema(DOCUMENT, 'openapi');
const validators = new Map<string, ValidateFunction>();

/** What is wrong with an answer, by what the document says of it; empty where it is as it says. */
export function violations(
  { path, method }: DocumentedOperation,
  answer: { status: number; type: string; body: unknown },
): string[] {
  const named = DOCUMENT.paths[path]![method]!.responses[answer.status];
  if (!named) return [`status ${answer.status} is not one of those`];
  const place =
    '$ref' in named
      ? named.$ref.split('/').slice(1)
      : ['paths', path, method, 'responses', String(answer.status)];
  const response =
    '$ref' in named ? DOCUMENT.components.responses[place.at(-1)!]! : named;
  const content = response.content[answer.type];
  if (!content) return [`content type ${answer.type} is not one of those`];
  if (!content.schema) return [];
  const pointer = [...place, 'content', answer.type, 'schema']
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .map(encodeURIComponent)
    .join('/');
  let validate = validators.get(pointer);
  if (!validate) {
    validate = ajv.compile({ $ref: `openapi#/${pointer}` });
    validators.set(pointer, validate);
  }
  validate(answer.body);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
