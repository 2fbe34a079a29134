import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifySchema,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteOptions,
} from 'fastify';
import type { Scope } from '../domain/keys/api-key.js';
import type { ErrorCode } from './errors.js';
import type { Services } from './services.js';

/** What a route says of itself; hooks and openapi.yaml follow from it. */
export interface RouteConfig {
  /** Any one of these lets a key in; `admin` always does. `any`: every key. None declared: nobody gets in. */
  scopes?: Scope[] | 'any';
  /** Answers without a key. */
  public?: true;
  /** Takes an Idempotency-Key header; `required`: not without it. */
  idempotency?: 'optional' | 'required';
  /** The codes that this route may answer besides those that every route may. */
  refusals?: ErrorCode[];
  /** Where a code has another status here than in the table. */
  statuses?: Partial<Record<ErrorCode, number>>;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteConfig {}
  interface FastifySchema {
    operationId?: string;
    summary?: string;
    description?: string;
    tags?: string[];
  }
}

export interface RouteSchema extends FastifySchema {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
}

export type Route = RouteOptions;
export type RouteFactory = (services: Services) => Route;

/** Types a route's handler by its schemas; at run time the identity. */
export function defineRoute<const S extends RouteSchema>(
  route: RouteOptions<
    RawServerDefault,
    RawRequestDefaultExpression,
    RawReplyDefaultExpression,
    RouteGenericInterface,
    unknown,
    S,
    TypeBoxTypeProvider
  > & { schema: S; config: RouteConfig },
): Route {
  return route as unknown as Route;
}
