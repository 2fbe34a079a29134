import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { badRequest } from './refusal.js';
import type { Params, Uploaded } from './types.js';

/** Reads a Bot API call's parameters from JSON or multipart/form-data (files become `Uploaded`). */
export async function requestParams(request: IncomingMessage): Promise<Params> {
  const body = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return body.length === 0 ? {} : JSON.parse(body.toString());
  const boundary = /^multipart\/form-data; *boundary=(.+)$/.exec(type)?.[1];
  if (boundary !== undefined) return multipart(body, boundary);
  if (body.length === 0) return {};
  throw badRequest(`unsupported content type ${type}`);
}

function multipart(body: Buffer, boundary: string): Params {
  const params: Params = {};
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  while (at >= 0) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    addPart(params, body.subarray(at + mark.length + 2, next - 2));
    at = next;
  }
  delete params.method;
  return params;
}

function addPart(params: Params, part: Buffer): void {
  const end = part.indexOf('\r\n\r\n');
  const head = part.subarray(0, end).toString();
  const name = / name="([^"]*)"/.exec(head)?.[1];
  if (end < 0 || name === undefined) throw badRequest('malformed multipart body');
  const bytes = Buffer.from(part.subarray(end + 4));
  const filename = /filename="([^"]*)"/.exec(head)?.[1];
  params[name] =
    filename === undefined ? formValue(bytes.toString()) : ({ filename, bytes } satisfies Uploaded);
}

/** A form carries only text: numbers, booleans and JSON are recognised by their look, as Telegram does. */
function formValue(text: string): unknown {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}
