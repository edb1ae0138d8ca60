import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { z } from 'zod';

/** The schemas that a route's parameters are validated against: what its decorators were given. */
export interface RouteInputs {
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
}

const INPUTS: Record<keyof RouteInputs, RouteParamtypes> = {
  params: RouteParamtypes.PARAM,
  query: RouteParamtypes.QUERY,
  body: RouteParamtypes.BODY,
};

/** As much as Nest notes of a parameter with a decorator, by `<type>:<index>`. */
type RouteArguments = Record<string, { schema?: z.ZodType }>;

export function routeInputs(
  controller: object,
  handlerName: string,
): RouteInputs {
  const noted = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    controller,
    handlerName,
  ) as RouteArguments | undefined;
  const inputs: Record<string, z.ZodType> = {};
  for (const [key, { schema }] of Object.entries(noted ?? {}))
    for (const [name, type] of Object.entries(INPUTS))
      if (schema && key.startsWith(`${type}:`)) inputs[name] = schema;
  return inputs;
}
