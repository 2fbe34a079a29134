import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { boundedLabel } from '../../common/src/bounded-label.js';

const MAX_CODES = 60;
/** prom-client's gauges whose names end as only a counter's may; each has a twin by type without that end. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** The service does not let the bot in. */
const SHUT_OUT = ['unauthorized', 'insufficient-scope'];

/** The bot's figures. Labels are kinds and outcomes, never users or texts. */
export class Metrics {
  readonly registry = new Registry();
  readonly updates = this.#counter('farebox_bot_updates_total', 'Updates accepted', ['kind']);
  readonly redelivered = this.#counter(
    'farebox_bot_updates_redelivered_total',
    'Updates that came again and were passed over',
    [],
  );
  readonly work = this.#counter('farebox_bot_work_total', 'Paid work by outcome', ['operation', 'outcome']);
  readonly errors = this.#counter('farebox_bot_errors_total', 'Failures nothing was prepared for', []);
  readonly payments = this.#counter('farebox_bot_payments_total', 'Payments by outcome', ['outcome']);
  /** 401 is the bot's own fault, 429 its haste: they are told apart. Unknown codes beyond the bound count together. */
  readonly serviceCalls = this.#counter(
    'farebox_bot_service_calls_total',
    'Tries of a call to the service: ok, or the code of the error',
    ['outcome'],
  );
  readonly telegramFaults = this.#counter(
    'farebox_bot_telegram_faults_total',
    'Calls that Telegram refused, by its code; 0: no answer',
    ['code'],
  );
  readonly draftFallbacks = this.#counter(
    'farebox_bot_draft_fallbacks_total',
    'Chats that went back from drafts to edited messages for an hour, by what Telegram answered',
    ['code'],
  );
  readonly refusals = this.#counter(
    'farebox_bot_refusals_total',
    'Paid work that the service refused, by the code of the error',
    ['code'],
  );
  /** A code that a server makes up does not make up labels. */
  readonly codeLabel = boundedLabel(MAX_CODES);
  readonly workSeconds = new Histogram({
    name: 'farebox_bot_work_seconds',
    help: 'From the message to the delivered answer',
    labelNames: ['operation'],
    buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    // From 0, or the first of its kind would be no increase to who watches.
    for (const outcome of SHUT_OUT) this.serviceCalls.inc({ outcome: this.codeLabel(outcome) }, 0);
  }

  /** A figure that is asked for when it is read. */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

/** `/metrics`, `/livez` and `/readyz` (503 until the bot takes updates) on a port of their own. */
export class MetricsServer {
  readonly #server: Server;

  /** A figure that cannot be read is told to `onError`, and to who asks as 500. */
  constructor(metrics: Metrics, isReady: () => boolean, onError: (error: unknown) => void) {
    const { registry } = metrics;
    this.#server = createServer((request, response) => {
      if (request.url === '/metrics') {
        registry.metrics().then(
          (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
          (error) => {
            onError(error);
            response.writeHead(500).end();
          },
        );
      } else if (request.url === '/livez') response.writeHead(200).end('ok\n');
      else if (request.url === '/readyz')
        response.writeHead(isReady() ? 200 : 503).end(isReady() ? 'ok\n' : 'starting\n');
      else response.writeHead(404).end();
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  async start(host: string, port: number): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
  }
  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
