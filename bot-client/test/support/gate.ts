import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalServer, sendJson } from './local-server.js';

/** A call as it passed: what was asked, under which idempotency key, and what the service answered. */
export interface Passed {
  method: string;
  path: string;
  key: string | undefined;
  body: Record<string, unknown>;
  status?: number;
}
/**
 * Trouble on order, for the next `times` calls it fits. `status`: answered so at the gate, as the service itself does
 * when it is away. `done-status`: done, then answered so. `lose-reply`: done, then the connection is cut. `cut`: never arrives. `hang`: never arrives, and is
 * never answered. `slow`: `delayMs` later.
 */
export interface Trouble {
  path: RegExp;
  kind: 'status' | 'done-status' | 'lose-reply' | 'cut' | 'hang' | 'slow';
  times?: number;
  status?: number;
  code?: string;
  detail?: string;
  /** Answered instead of a problem, as a proxy does. */
  page?: string;
  delayMs?: number;
  when?: (call: Passed) => boolean;
}

/** Stands between the bot and the service, sees every call, and makes trouble on order. */
export class Gate extends LocalServer {
  readonly #target: string;
  readonly passed: Passed[] = [];
  #held: { path: RegExp; when: 'before' | 'after'; reached: () => void } | undefined;
  #troubles: (Trouble & { times: number })[] = [];

  constructor(target: string) {
    super();
    this.#target = target;
  }

  /** Resolves when the next such call is there (`before`) or done but not answered (`after`); it then never ends. */
  hold(path: RegExp, when: 'before' | 'after'): Promise<void> {
    return new Promise((reached) => {
      this.#held = { path, when, reached };
    });
  }

  order(trouble: Trouble): void {
    this.#troubles.push({ times: 1, ...trouble });
  }
  /** The service is well again. */
  calm(): void {
    this.#troubles = [];
  }

  calls(path: RegExp): Passed[] {
    return this.passed.filter((call) => path.test(call.path));
  }

  protected async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '', headers } = incoming;
    const text = await buffer(incoming);
    const body = text.length === 0 ? {} : JSON.parse(text.toString());
    const call: Passed = { method, path, key: headers['idempotency-key'] as string | undefined, body };
    this.passed.push(call);
    const held = this.#held?.path.test(path) ? this.#held : undefined;
    if (held !== undefined) this.#held = undefined;
    if (held?.when === 'before') return held.reached();
    const trouble = held === undefined ? this.#troubleFor(call) : undefined;
    if (trouble?.kind === 'hang') return;
    if (trouble?.kind === 'cut') return void response.destroy();
    if (trouble?.kind === 'status') return problem(response, trouble);
    if (trouble?.kind === 'slow') await pause(trouble.delayMs ?? 0);
    this.#pass(call, headers, text, (status, answerHeaders, answer) => {
      if (held !== undefined) return held.reached();
      if (trouble?.kind === 'lose-reply') return void response.destroy();
      if (trouble?.kind === 'done-status') return problem(response, trouble);
      response.writeHead(status, answerHeaders).end(answer);
    }).on('error', () => response.destroy());
  }

  #troubleFor(call: Passed): Trouble | undefined {
    const found = this.#troubles.find(
      (one) => one.times > 0 && one.path.test(call.path) && (one.when?.(call) ?? true),
    );
    if (found !== undefined) found.times--;
    return found;
  }

  #pass(
    call: Passed,
    headers: IncomingMessage['headers'],
    body: Buffer,
    onAnswer: (status: number, headers: IncomingMessage['headers'], body: Buffer) => void,
  ) {
    const onward = request(this.#target + call.path, { method: call.method, headers }, async (answer) => {
      const whole = await buffer(answer);
      call.status = answer.statusCode ?? 502;
      onAnswer(call.status, answer.headers, whole);
    });
    return onward.end(body);
  }
}

/** As the service words it when it cannot work. */
function problem(response: ServerResponse, trouble: Trouble): void {
  const { status = 503, code = 'unavailable', detail = 'the database is away', page } = trouble;
  if (page !== undefined) return void response.writeHead(status, { 'content-type': 'text/html' }).end(page);
  const body = { type: `urn:farebox:error:${code}`, title: code, status, code, detail, requestId: 'r-1' };
  sendJson(response, status, body, { 'retry-after': '1', 'x-request-id': 'r-1' });
}
