import type { Socket } from 'node:net';
import type { ErrorCode } from './errors.js';
import { ERRORS } from './errors.js';
import { PROBLEM_TYPE, problemBody } from './problem.js';
import { requestIdOf } from './request-id.js';

const CODES: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};
const REASON: Partial<Record<ErrorCode, string>> = {
  'headers-too-large': 'Request Header Fields Too Large',
  'request-timeout': 'Request Timeout',
};

/** What Node cannot parse as HTTP never becomes a request; it gets its problem straight on the socket. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const code = CODES[error.code ?? ''] ?? 'invalid-request';
  const { status } = ERRORS[code];
  const requestId = requestIdOf({ headers: {} });
  const errors =
    code === 'invalid-request' ? [{ field: 'request', message: 'is not valid HTTP' }] : undefined;
  const body = JSON.stringify(
    problemBody(code, status, 'The request could not be read.', requestId, errors && { errors }),
  );
  socket.end(
    `HTTP/1.1 ${status} ${REASON[code] ?? 'Bad Request'}\r\ncontent-type: ${PROBLEM_TYPE}\r\nx-request-id: ${requestId}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
