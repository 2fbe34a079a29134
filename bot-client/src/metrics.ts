import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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
  readonly workSeconds = new Histogram({
    name: 'farebox_bot_work_seconds',
    help: 'From the message to the delivered answer',
    labelNames: ['operation'],
    buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
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
