import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;
/** Different in every process; with a counter after it an id costs next to nothing. */
const PROCESS = randomBytes(6).toString('base64url');
let count = 0;

/** The caller's own x-request-id if it is safe to log and send back, otherwise a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && SANE.test(given)) return given;
  count += 1;
  return `${PROCESS}-${count.toString(36)}`;
}
