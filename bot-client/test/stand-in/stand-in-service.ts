import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PACKS, PRICES, StandInState, TIERS } from './stand-in-state.js';
import { type Answer, commit, problem, refund, reserve } from './stand-in-tokens.js';
import * as users from './stand-in-users.js';

type Body = Record<string, unknown>;
export interface ServiceFault {
  path: RegExp;
  times: number;
  status?: number;
  hang?: boolean;
  /** Does it, but the answer is never sent. */
  loseReply?: boolean;
}

/** A small strict stand-in of the service for tests of the bot's own behaviour, with trouble on order. */
export class StandInService {
  readonly apiKey = 'stand-in-key-of-at-least-32-characters';
  readonly state = new StandInState();
  readonly requests: { method: string; path: string; body: Body; key: string | undefined }[] = [];
  faults: ServiceFault[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(port = 0): Promise<this> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = request.url ?? '';
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    const key = request.headers['idempotency-key'] as string | undefined;
    const method = request.method ?? 'GET';
    this.requests.push({ method, path, body, key });
    const fault = this.faults.find((one) => one.times > 0 && one.path.test(path));
    if (fault !== undefined) fault.times--;
    if (fault?.hang) return;
    const refused = fault?.status === undefined ? undefined : problem(fault.status, 'unavailable');
    const answer =
      request.headers.authorization === `Bearer ${this.apiKey}` ? refused : problem(401, 'unauthorized');
    const final = answer ?? this.replayed(method, path, body, key);
    if (fault?.loseReply) return void response.destroy();
    response.writeHead(final.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(final.body));
  }

  private replayed(method: string, path: string, body: Body, key: string | undefined): Answer {
    const scope = `${String(body.user ?? '')} ${key}`;
    const before = key === undefined ? undefined : this.state.answers.get(scope);
    const payload = `${path} ${JSON.stringify(body)}`;
    if (before !== undefined)
      return before.payload === payload ? before : problem(422, 'idempotency-key-reused');
    const answer = this.route(method, path, body);
    if (key !== undefined && answer.status < 300) this.state.answers.set(scope, { payload, ...answer });
    return answer;
  }

  private route(method: string, path: string, body: Body): Answer {
    const { state } = this;
    if (path.startsWith('/tiers')) return { status: 200, body: { items: TIERS } };
    if (path.startsWith('/packs')) return { status: 200, body: { items: PACKS } };
    if (path.startsWith('/operations')) {
      const items = Object.entries(PRICES).map(([id, price]) => ({ id, name: id, price }));
      return { status: 200, body: { items } };
    }
    if (path === '/readyz') return { status: 200, body: { status: 'ok' } };
    if (path === '/tokens/reserve') return reserve(state, body);
    if (path === '/tokens/commit') return commit(state, body);
    if (path === '/tokens/refund') return refund(state, body);
    if (path === '/tokens/extend') return { status: 200, body: { expiresAt: new Date().toISOString() } };
    if (path === '/tokens/grant') {
      state.credit(String(body.user), 'grant', Number(body.amount));
      return { status: 201, body: { grantId: 'g', balance: state.balance(String(body.user)) } };
    }
    if (path === '/payments' && method === 'POST') return users.pay(state, body);
    const paid = /^\/payments\?user=([^&]+)/.exec(path);
    if (paid !== null) return users.payments(state, decodeURIComponent(paid[1] ?? ''));
    const back = /^\/payments\/([^/]+)\/([^/]+)\/refund$/.exec(path);
    if (back !== null) return users.refundPayment(state, `${back[1]}:${back[2]}`);
    const user = /^\/users\/([^/?]+)(.*)$/.exec(path);
    if (user === null) return problem(404, 'not-found');
    return users.user(state, method, decodeURIComponent(user[1] ?? ''), user[2] ?? '', body);
  }
}
