import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import type { Patience } from '../../domain/ports/patience.js';
import { UnavailableError } from '../../domain/ports/unavailable-error.js';
import type { OnShed } from '../metrics.js';
import { Problem, sendProblem } from '../problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** How long this caller is kept waiting; see answer-in-time.ts. */
    patience: Patience;
  }
}

/** How often is looked whose time is up: an answer comes this much late at most. */
const LOOK_EVERY_MS = 100;
/** So long the rest of a body is let come in whose answer was given already: who still sends may not have read it yet. */
const REST_WITHIN_MS = 2_000;
const TOO_LATE = 'There was no answer in time. Nothing is lost: send the same request again.';

export interface Bounds {
  answerWithinMs: number;
  bodyWithinMs: number;
}

/** One request that is not answered yet. */
class Waiting implements Patience {
  untilMs: number;
  trace: Patience['trace'] = undefined;
  /** Until when its body has to be here. */
  readonly bodyUntilMs: number;
  isAnswered = false;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Its place among the open ones. */
  place = 0;

  constructor(request: FastifyRequest, reply: FastifyReply, { answerWithinMs, bodyWithinMs }: Bounds) {
    const now = performance.now();
    this.request = request;
    this.reply = reply;
    this.untilMs = now + answerWithinMs;
    this.bodyUntilMs = now + bodyWithinMs;
  }

  /** Some of its body is not here yet. */
  get isArriving(): boolean {
    const { raw } = this.request;
    return raw.complete === false && !raw.socket.destroyed;
  }

  /** Also where the caller has hung up: nobody would hear the answer. */
  isOver(): boolean {
    return performance.now() >= this.untilMs || this.request.raw.socket.destroyed;
  }
}

/**
 * Those without an answer yet. Not a Set: that makes itself a new table every few hundred requests, the old one points to
 * the new, and once one of them has aged, the garbage collector keeps them all and their requests: its share of the CPU
 * rose from 6 % to 13 %.
 */
class OpenRequests {
  readonly #all: Waiting[] = [];

  add(waiting: Waiting): void {
    waiting.place = this.#all.push(waiting) - 1;
  }

  delete(waiting: Waiting): void {
    if (this.#all[waiting.place] !== waiting) return;
    const last = this.#all.pop() as Waiting;
    if (last === waiting) return;
    this.#all[waiting.place] = last;
    last.place = waiting.place;
  }

  overdue(now: number): Waiting[] {
    return this.#all.filter((waiting) => waiting.untilMs <= now);
  }
}

/**
 * Answers 503 for every request that has no answer within `answerWithinMs`, whatever it waits for; what it waits for
 * is bounded too and drops it then (`request.patience`). One timer for all: a timer each would cost more than the rest.
 * A body that is still on its way has its own limit, which is not Node's requestTimeout: that knows no call that may take
 * longer.
 */
export function answerInTime(app: FastifyInstance, bounds: Bounds, onShed?: OnShed): void {
  const { answerWithinMs } = bounds;
  const open = new OpenRequests();
  app.decorateRequest('patience', null as never);
  app.addHook('onRequest', (request, reply, done) => {
    const waiting = new Waiting(request, reply, bounds);
    request.patience = waiting;
    open.add(waiting);
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    const waiting = request.patience as Waiting | null;
    // None where the request could not be read at all.
    if (waiting?.isArriving) waitForRest(waiting);
    else if (waiting) open.delete(waiting);
    done();
  });
  const look = () => {
    const now = performance.now();
    let given = 0;
    for (const waiting of open.overdue(now)) {
      if (waiting.isArriving && !waiting.isAnswered && now < waiting.bodyUntilMs) {
        waiting.untilMs = Math.min(now + answerWithinMs, waiting.bodyUntilMs);
        continue;
      }
      open.delete(waiting);
      if (waiting.isArriving) {
        endBody(waiting, app.log);
        continue;
      }
      if (!giveUp(waiting, app.log)) continue;
      given += 1;
      onShed?.(waiting.request, 'late');
    }
    if (given > 0) app.log.warn({ requests: given, answerWithinMs }, 'no answer in time: 503');
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

/** A hook of a route that may take longer; the others need not ask whether they are such. */
export const answerWithin =
  (ms: number): onRequestHookHandler =>
  (request, _reply, done) => {
    (request.patience as Waiting).untilMs = performance.now() + ms;
    done();
  };

/** From here on the answer is on its way, and has bounds of its own. */
export const answerHasBegun = ({ patience }: FastifyRequest): void => {
  (patience as Waiting).untilMs = Number.POSITIVE_INFINITY;
};

function waitForRest(waiting: Waiting): void {
  waiting.isAnswered = true;
  waiting.untilMs = Math.max(waiting.bodyUntilMs, performance.now() + REST_WITHIN_MS);
}

function endBody({ request, reply, isAnswered }: Waiting, log: FastifyBaseLogger): void {
  if (isAnswered || reply.sent) {
    request.raw.socket.destroy();
    return;
  }
  reply.header('connection', 'close');
  sendProblem(request, reply, new Problem('request-timeout', 'The body did not come in time.'));
  reply.log = afterwards(log);
}

function giveUp({ request, reply }: Waiting, log: FastifyBaseLogger): boolean {
  // A caller who has left has closed the response, and that was all.
  if (reply.sent || request.raw.socket.destroyed) return false;
  sendProblem(request, reply, Problem.unavailable(TOO_LATE));
  reply.log = afterwards(log);
  return true;
}

/** The handler is still at it, and what it says in the end comes too late; only what is a fault of ours is worth a line. */
function afterwards(log: FastifyBaseLogger): FastifyBaseLogger {
  return Object.assign(Object.create(log) as FastifyBaseLogger, {
    warn: () => {},
    error: (fields: { err?: unknown }) => {
      if (!(fields.err instanceof UnavailableError))
        log.error(fields, 'request failed after its time was up');
    },
  });
}
