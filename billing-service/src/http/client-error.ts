/** What Node would answer by itself, without a body and a request id: here it gets its problem like everything else. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
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

/** Node keeps the answer that a socket is owed next here; nothing public tells it. */
type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

/**
 * What cannot be parsed as HTTP never becomes a request; it gets its problem straight on the socket. Not while a request
 * that had come whole waits for its answer: that one would be read as this one's. Its caller, cut off, sends it again.
 */
export function answerClientError(
  this: FastifyInstance,
  error: Error & { code?: string },
  socket: HttpSocket,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable || socket._httpMessage?.req.complete) {
    socket.destroy(error);
    return;
  }
  const code = CODES[error.code ?? ''] ?? 'invalid-request';
  const { status } = ERRORS[code];
  const reqId = requestIdOf({ headers: {} });
  const errors = [{ field: 'request', message: 'must be valid HTTP' }];
  const detail = 'The request could not be read.';
  const body = JSON.stringify(
    problemBody(code, status, detail, reqId, code === 'invalid-request' ? { errors } : {}),
  );
  this.log.debug({ reqId, status, code }, 'refused');
  socket.end(
    `HTTP/1.1 ${status} ${REASON[code] ?? 'Bad Request'}\r\ncontent-type: ${PROBLEM_TYPE}\r\nx-request-id: ${reqId}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** An `Expect` other than 100-continue. */
export function refuseExpectations(app: FastifyInstance): void {
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const code = 'expectation-failed';
    const { status } = ERRORS[code];
    const reqId = requestIdOf(request);
    const body = JSON.stringify(problemBody(code, status, 'Send Expect: 100-continue, or no Expect.', reqId));
    app.log.debug({ reqId, status, code }, 'refused');
    response.writeHead(status, { 'content-type': PROBLEM_TYPE, 'x-request-id': reqId, connection: 'close' });
    response.end(body);
  });
}
