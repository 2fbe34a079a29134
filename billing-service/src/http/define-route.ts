import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifySchema,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteOptions,
} from 'fastify';
import type { TSchema } from 'typebox';
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
  /** A body may be left out, and is then an empty object: every member has a default. */
  bodyOptional?: true;
  /** A batch: what is wrong with one item's texts is that item's fault, and looked for there. */
  itemsApart?: true;
  /** Its body is lines of one of these types, each with a line's schema: of any size, and taken as they come. */
  lines?: Record<string, TSchema>;
  /** Its answer shows a secret: no cache on the way may keep it. */
  answersSecret?: true;
  /**
   * The body without what it says that is so anyway: said or not, it is one payload to an Idempotency-Key. For defaults
   * that the schema cannot fill in.
   */
  withoutImplied?: (body: never) => object | null;
  /** The codes that this route may answer besides those that every route may. */
  refusals?: ErrorCode[];
  /**
   * Leaves a line in the audit log: `always`, or only `by-hand`, where the call comes from the console or the command
   * line. Absent: it reads, or it is a user's own use.
   */
  audited?: 'always' | 'by-hand';
  /** All that it writes is an account, by way of the ledger: then it can be rehearsed (see Rehearsal). */
  rehearsable?: true;
  /** Where it may take longer than any other call. */
  answerWithinMs?: number;
  /** Where a code has another status here than in the table. */
  statuses?: Partial<Record<ErrorCode, number>>;
  /** The calls that go on with what this one answers, by operationId; for tools that follow openapi.yaml. */
  links?: Record<string, RouteLink>;
}

/** Where the next call's values are in this one's answer: OpenAPI's runtime expressions. */
export interface RouteLink {
  description: string;
  parameters?: Record<string, string>;
  requestBody?: Record<string, string | number>;
}

const RESERVATION = { reservationId: '$response.body#/reservationId' };
const USER = { user: '$response.body#/user' };

/** What can be done next with a reservation, and with its user. */
export const NEXT = {
  commitTokens: { description: 'Charge what the work cost.', requestBody: RESERVATION },
  refundTokens: { description: 'Give it back.', requestBody: RESERVATION },
  extendReservation: {
    description: 'Hold it for longer.',
    requestBody: { ...RESERVATION, ttlSeconds: 600 },
  },
  readReservation: {
    description: 'Look at it.',
    parameters: { id: '$response.body#/reservationId' },
  },
  readBalance: { description: 'Look at the user’s balance.', parameters: USER },
  readUser: { description: 'Look at the user.', parameters: USER },
} satisfies Record<string, RouteLink>;

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
