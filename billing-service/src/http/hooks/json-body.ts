import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { duplicateMember } from '../duplicate-member.js';
import { Problem } from '../problem.js';

/** With the flag `u` pairs are one character, so only a surrogate on its own is of this class. */
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * A number that may be above 1.8e308, which JSON.parse takes for infinite and JSON.stringify for null: 200 digits, or an
 * exponent of two. Begun only where a run of digits begins: from each digit of it, runs of 307 took 300 steps a digit.
 */
const MAYBE_HUGE = /(?<![0-9])[0-9]{200}|[0-9][eE]\+?[0-9]{2}/;

type Parsed = (error: Error | null, body?: unknown) => void;

/**
 * Takes application/json only, in place of Fastify's own parser, which lets lone surrogates, U+0000 and invalid UTF-8
 * (as U+FFFD) through; the database would fail on those, or the text would silently change.
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, parsed: Parsed) => {
    try {
      parsed(null, parseBody(request, body as Buffer));
    } catch (error) {
      parsed(error as Error);
    }
  });
}

/** The preValidation of a route whose body may be left out. */
export function emptyBodyForNone(request: FastifyRequest, _reply: unknown, done: () => void): void {
  request.body ??= {};
  done();
}

function parseBody(request: FastifyRequest, body: Buffer): unknown {
  const takesBody = request.routeOptions.schema?.body !== undefined;
  if (body.length === 0) {
    if (request.routeOptions.config.bodyOptional) return {};
    if (takesBody) throw Problem.invalid({ field: 'body', message: 'must be a JSON object' });
    return undefined;
  }
  if (!isUtf8(body)) throw Problem.invalid({ field: 'body', message: 'must be UTF-8' });
  const value = parseJson(body.toString('utf8'), request.routeOptions.config.itemsApart);
  if (!takesBody && !isEmpty(value)) {
    throw Problem.invalid({ field: 'body', message: 'must be empty: this call takes none' });
  }
  return value;
}

/** Not written out to compare: 5,000 brackets overflow the stack of JSON.stringify. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

export function parseJson(text: string, itemsApart = false): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw Problem.invalid({ field: 'body', message: 'must be JSON' });
  }
  const duplicate = duplicateMember(text, value);
  if (duplicate !== undefined) throw Problem.invalid({ field: duplicate, message: 'is named twice' });
  if (itemsApart) return value;
  // Lone surrogates and U+0000 can only be written as escapes, and a dangerous name in full or with an escape: all
  // other bodies are spared the walk.
  if (text.includes('\\u') || text.includes('__proto__') || MAYBE_HUGE.test(text)) refuseIllFormed(value);
  return value;
}

/** A part of a body that is still to be looked at, and where it is. */
interface Part {
  value: unknown;
  name: string;
  /** Null for the body itself. */
  inside: Part | null;
  inMetadata: boolean;
}

/**
 * With a stack of its own: a body of 16,000 brackets must not overflow the call stack. A path is put together only for
 * what is refused: written out level by level those of 240,000 brackets took 47 s.
 */
export function refuseIllFormed(root: unknown): void {
  const pending: Part[] = [{ value: root, name: '', inside: null, inMetadata: false }];
  for (let part = pending.pop(); part; part = pending.pop()) {
    const { value } = part;
    if (typeof value === 'string') refuseText(value, part);
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw Problem.invalid({ field: fieldOf(part), message: 'must be a number from -1.8e308 to 1.8e308' });
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      const inMetadata = part.inMetadata || (part.inside === null && name === 'metadata');
      const inside = { value: member, name, inside: part, inMetadata };
      if (name === '__proto__') {
        throw Problem.invalid({ field: fieldOf(inside), message: 'is not allowed as a name' });
      }
      refuseText(name, part);
      pending.push(inside);
    }
  }
}

/** As the caller wrote it: `metadata.a[0]`. */
function fieldOf(part: Part): string {
  const names: string[] = [];
  for (let at = part; at.inside; at = at.inside) {
    const isFirst = at.inside.inside === null;
    names.push(isFirst ? at.name : Array.isArray(at.inside.value) ? `[${at.name}]` : `.${at.name}`);
  }
  return names.reverse().join('') || 'body';
}

function refuseText(text: string, part: Part): void {
  if (LONE_SURROGATE.test(text)) {
    throw Problem.invalid({ field: fieldOf(part), message: 'must be well-formed Unicode' });
  }
  // Metadata is kept as JSON text, where it stays an escape; anywhere else the database could not store it.
  if (!part.inMetadata && text.includes('\0')) {
    throw Problem.invalid({ field: fieldOf(part), message: 'must not contain U+0000' });
  }
}
