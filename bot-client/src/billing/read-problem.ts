import { BillingError, codeOf } from './billing-error.js';

/** No answer came; whether the call was made is not known. */
export function unreachable(method: string, path: string, error: Error): BillingError {
  return new BillingError('unreachable', 0, true, undefined, `${method} ${path}: ${error.message}`);
}

/**
 * Whether the same call may succeed a little later: after a failure at the other end or on the way, and where the service
 * guards itself. Any other 429 is a decision about the user, not about the call.
 */
function isNotNow(status: number, code: string): boolean {
  return status >= 500 || status === 408 || code === 'too-many-requests';
}

/** What an answer that is no 2xx says. */
export function refused(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  text: string,
): BillingError {
  let problem: Record<string, unknown> = {};
  try {
    problem = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A proxy's HTML page: the status has to do.
  }
  const word = (name: string) => (typeof problem[name] === 'string' ? (problem[name] as string) : undefined);
  const code = word('code') ?? codeOf(status);
  const requestId = word('requestId') ?? (headers['x-request-id'] as string | undefined);
  const retryAfter = Number(headers['retry-after']);
  return new BillingError(
    code,
    status,
    isNotNow(status, code),
    requestId,
    word('detail') ?? word('title') ?? `the service answered ${status}`,
    problem,
    Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
  );
}
