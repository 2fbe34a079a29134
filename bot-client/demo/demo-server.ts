import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FakeTelegram } from '../test/fake-telegram/fake-telegram.js';
import type { Person } from '../test/fake-telegram/person.js';
import type { Ledger } from './ledger.js';
import { chatOf } from './page-state.js';

export interface DemoParts {
  telegram: FakeTelegram;
  you: Person;
  ledger: Ledger;
  channelId: number;
}

/** The page's files stay where they are written; from dist/ that is three folders up. */
const PAGE = new URL('../../../bot-client/demo/page/', import.meta.url);
const FILES: Record<string, [string, string]> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/style.css': ['style.css', 'text/css'],
  '/app.js': ['app.js', 'text/javascript'],
};
const LEDGER_EVERY_MS = 300;

type Act = (body: Record<string, unknown>) => unknown;

/** Serves the page, tells it what changed (server-sent events), and does what the person does. */
export class DemoServer {
  readonly #parts: DemoParts;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #watchers = new Set<ServerResponse>();
  readonly #acts: Record<string, Act>;
  #ledger: object | undefined;
  #last = '';
  #timer: NodeJS.Timeout | undefined;
  #starsSpent = 0;

  constructor(parts: DemoParts) {
    this.#parts = parts;
    const { telegram, you, channelId } = parts;
    this.#acts = {
      say: ({ text }) => you.says(String(text)),
      tap: ({ messageId, data }) => this.#tap(Number(messageId), String(data)),
      pay: ({ link }) => this.#pay(typeof link === 'string' ? link : undefined),
      join: ({ joined }) => you.joins(channelId, joined === true ? 'member' : 'left'),
      lang: ({ lang }) => Object.assign(you.user, { language_code: String(lang) }),
      later: ({ seconds }) => parts.ledger.advance(Number(seconds)),
    };
    telegram.world.on('change', () => this.#push());
    telegram.world.on('tap', ({ text }: { text?: string }) => text && this.#send('toast', { text }));
  }

  async start(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening').catch(async () => {
      // The port is taken: any other will do.
      this.#server.listen(0, '127.0.0.1');
      await once(this.#server, 'listening');
    });
    this.#timer = setInterval(() => void this.#look(), LEDGER_EVERY_MS);
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    try {
      if (path === '/events') return this.#watch(response);
      if (path.startsWith('/file/')) return this.#picture(path.slice('/file/'.length), response);
      const file = FILES[path];
      if (file !== undefined) {
        response.writeHead(200, { 'content-type': file[1] });
        response.end(await readFile(new URL(file[0], PAGE)));
        return;
      }
      const act = this.#acts[path.slice('/do/'.length)];
      if (request.method !== 'POST' || act === undefined) return void response.writeHead(404).end();
      const answer = await act(await bodyOf(request));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? null));
    } catch (error) {
      response.writeHead(400).end((error as Error).message);
    }
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
    this.#last = '';
    this.#push();
  }

  #picture(id: string, response: ServerResponse): void {
    const file = this.#parts.telegram.world.files.get(id);
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'image/png' }).end(file.bytes);
  }

  #tap(messageId: number, data: string): void {
    const { telegram, you } = this.#parts;
    const kept = telegram.world.find(you.id, messageId);
    const button = kept?.message.reply_markup?.inline_keyboard
      ?.flat()
      .find((one) => one.callback_data === data);
    if (kept !== undefined && button !== undefined) you.tapButton(kept.message, button);
  }

  async #pay(link: string | undefined): Promise<object> {
    const { telegram, you } = this.#parts;
    const paid = await you.pays(link);
    const charge = telegram.world.charges.get(paid.chargeId ?? '');
    if (charge !== undefined) this.#starsSpent += charge.invoice.amount;
    this.#push();
    return paid;
  }

  /** The ledger has no feed of its own, so it is read at intervals while someone watches. */
  async #look(): Promise<void> {
    if (this.#watchers.size === 0) return;
    this.#ledger = await this.#parts.ledger
      .picture(`telegram:${this.#parts.you.id}`)
      .catch(() => this.#ledger);
    this.#push();
  }

  #push(): void {
    const { telegram, you, channelId } = this.#parts;
    const joined = telegram.world.members.get(`${channelId}:${you.id}`) === 'member';
    const state = {
      ...chatOf(telegram.world, you.id),
      ledger: this.#ledger,
      joined,
      starsSpent: this.#starsSpent,
    };
    const text = JSON.stringify(state);
    if (text === this.#last) return;
    this.#last = text;
    this.#send('state', state);
  }

  #send(event: string, data: object): void {
    for (const watcher of this.#watchers) watcher.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await text(request);
  return body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
}
