import type { FastifyRequest } from 'fastify';
import type { Static, TObject } from 'typebox';
import type { IdempotencyKey } from '../../domain/ports/ledger.js';
import { keyFor, payloadText } from '../hooks/idempotency-key.js';
import { refuseIllFormed } from '../hooks/json-body.js';
import type { ItemCall } from '../item-call.js';
import { lazyCompilers } from '../lazy-compilers.js';
import { Problem } from '../problem.js';
import { itemOf } from '../schemas/batches.js';
import { AJV, toFieldErrors } from '../validation.js';

export interface Item<Body extends TObject> {
  body: Static<Body>;
  key: IdempotencyKey | undefined;
}

/** An item as its single call would take it; a problem where that would be a 400. */
export type ItemReader<Body extends TObject> = (
  item: object,
  request: FastifyRequest,
) => Item<Body> | Problem;

/** One for all schemas of batches: each compiler is an Ajv of its own. */
export const compile = lazyCompilers.buildValidator({}, AJV as never);

export function itemReader<Body extends TObject, Value>(call: ItemCall<Body, Value>): ItemReader<Body> {
  const check = compile({ schema: itemOf(call.body), method: 'POST', url: call.url, httpPart: 'body' });
  const { withoutImplied = (body) => body } = call;
  return (item, request) => {
    try {
      refuseIllFormed(item);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    if (!check(item)) return Problem.invalid(...toFieldErrors(check.errors as never[]));
    if ('idempotencyKey' in item && 'checkId' in item) return Problem.invalid(TWO_NAMES);
    const { idempotencyKey, ...body } = item as Static<Body> & { idempotencyKey?: string };
    if (idempotencyKey === undefined) return { body: body as Static<Body>, key: undefined };
    // What a single call's text would be: a key stands for the same, whichever way its request came.
    const payload = payloadText(`POST ${call.url}`, EMPTY, withoutImplied(body as Static<Body>));
    return { body: body as Static<Body>, key: keyFor(request, idempotencyKey, payload) };
  };
}

const TWO_NAMES = { field: 'idempotencyKey', message: 'stands for the checkId here: send one of the two' };

/** The params of a path that has none. */
const EMPTY = {};
