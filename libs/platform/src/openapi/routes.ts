import {
  RequestMethod,
  type DynamicModule,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import {
  METHOD_METADATA,
  MODULE_METADATA,
  PATH_METADATA,
} from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { accessRuleOf, type AccessRule } from '../auth/access-rule.js';
import { operationOf, type OperationDescription } from './operation.js';
import { routeInputs, type RouteInputs } from './route-inputs.js';

/** A call that a service answers. */
export interface Route {
  /** In lower case. */
  method: string;
  /** As OpenAPI writes it, e.g. `/v1/merchants/{id}/wallet`. */
  path: string;
  access: AccessRule;
  operation: OperationDescription;
  inputs: RouteInputs;
}

/**
 * All routes of the controllers of modules, and of what these import.
 *
 * @throws Error where one says not who may call it, or not what it is
 */
export function routesOf(modules: ModuleMetadata['imports'] = []): Route[] {
  return [...controllersOf(modules)].flatMap(routesOfController);
}

function controllersOf(
  modules: ModuleMetadata['imports'] = [],
  found = new Set<Type>(),
): Set<Type> {
  for (const item of modules) {
    const dynamic = isDynamic(item) ? item : undefined;
    const type = dynamic?.module ?? item;
    if (typeof type !== 'function') continue;
    const own = (key: string) =>
      (Reflect.getMetadata(key, type) ?? []) as never[];
    for (const controller of [
      ...own(MODULE_METADATA.CONTROLLERS),
      ...(dynamic?.controllers ?? []),
    ])
      found.add(controller);
    controllersOf(
      [...own(MODULE_METADATA.IMPORTS), ...(dynamic?.imports ?? [])],
      found,
    );
  }
  return found;
}

function isDynamic(item: unknown): item is DynamicModule {
  return typeof item === 'object' && item !== null && 'module' in item;
}

function routesOfController(controller: Type): Route[] {
  const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    if (typeof handler !== 'function') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as
      RequestMethod | undefined;
    if (method === undefined) return [];
    const where = `${controller.name}.${name}`;
    const access = accessRuleOf(
      new Reflector(),
      handler as () => void,
      controller,
    );
    if (!access) throw new Error(`${where} does not say who may call it`);
    const operation = operationOf(handler);
    if (!operation) throw new Error(`${where} does not say what it is`);
    return {
      method: RequestMethod[method].toLowerCase(),
      path: pathOf(
        prefix,
        Reflect.getMetadata(PATH_METADATA, handler) as string,
      ),
      access,
      operation,
      inputs: routeInputs(controller, name),
    };
  });
}

function pathOf(...parts: string[]): string {
  const names = parts
    .flatMap((part) => part.split('/'))
    .filter((name) => name !== '')
    .map((name) => name.replace(/^:(.+)$/, '{$1}'));
  return `/${names.join('/')}`;
}
