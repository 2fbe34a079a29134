import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ALLOWED_UPDATES } from './launch.js';
import type { TelegramApi } from './telegram-api.js';
import type { TgUpdate } from './types.js';

export interface WebhookOptions {
  url: string;
  secret: string;
  host: string;
  port: number;
  accept: (update: TgUpdate) => Promise<void>;
}

const MOST_BYTES = 1_000_000;

/** Takes pushed updates; 200 only once an update is written down, so that Telegram repeats what was not. */
export class Webhook {
  readonly #api: TelegramApi;
  readonly #options: WebhookOptions;
  readonly #server: Server;

  constructor(api: TelegramApi, options: WebhookOptions) {
    this.#api = api;
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#serve(request).then(
        (status) => response.writeHead(status).end(),
        () => unavailable(response),
      );
    });
    this.#server.requestTimeout = 10_000;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    const { host, port, url, secret } = this.#options;
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    await this.#api.call('setWebhook', { url, secret_token: secret, allowed_updates: [...ALLOWED_UPDATES] });
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage): Promise<number> {
    if (request.method !== 'POST' || request.url !== new URL(this.#options.url).pathname) return 404;
    if (!same(String(request.headers['x-telegram-bot-api-secret-token'] ?? ''), this.#options.secret))
      return 401;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return 413;
      chunks.push(chunk);
    }
    // Decoded as a whole: the network cuts within letters too.
    const update = parsed(Buffer.concat(chunks).toString());
    if (update === undefined) return 400;
    await this.#options.accept(update);
    return 200;
  }
}

function parsed(body: string): TgUpdate | undefined {
  try {
    const update = JSON.parse(body) as TgUpdate;
    return Number.isSafeInteger(update.update_id) ? update : undefined;
  } catch {
    return undefined;
  }
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function unavailable(response: ServerResponse): void {
  response.writeHead(503).end();
}
