/** prom-client's figures, served on a port of their own. Labels are routes, tiers and operations, never users. */
import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Telemetry } from '../domain/ports/telemetry.js';

interface RouteFigures {
  requests: Counter.Internal;
  duration: Histogram.Internal<string>;
}

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics implements Telemetry {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'farebox_http_requests_total',
    help: 'Requests by route, method and class of status',
    labelNames: ['route', 'method', 'status'],
    registers: [this.registry],
  });
  readonly #durations = new Histogram({
    name: 'farebox_http_request_duration_seconds',
    help: 'Seconds from the request to the end of its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: BUCKETS_S,
    registers: [this.registry],
  });
  readonly #limitHits = this.#business('rate_limit_hits_total', 'Denials by a rate limit');
  readonly #spent = this.#business('tokens_spent_total', 'Tokens charged');
  readonly #insufficient = this.#business('insufficient_tokens_total', 'Holds refused for lack of tokens');
  readonly #broken = new Counter({
    name: 'farebox_invariants_broken_total',
    help: 'Changes of an account that would have broken an invariant; nothing of them was saved',
    labelNames: ['rule'],
    registers: [this.registry],
  });
  /** Labels are looked up once a route and status class, not once a request. */
  readonly #known = new Map<string, RouteFigures>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  rateLimitHit(tier: string, operation: string): void {
    this.#limitHits.inc({ tier, operation });
  }

  tokensSpent(tier: string, operation: string, tokens: number): void {
    this.#spent.inc({ tier, operation }, tokens);
  }

  insufficientTokens(tier: string, operation: string): void {
    this.#insufficient.inc({ tier, operation });
  }

  invariantBroken(rule: string): void {
    this.#broken.inc({ rule });
  }

  /** `behindMs` is asked at each reading. */
  showClock(behindMs: () => number): void {
    new Gauge({
      name: 'farebox_clock_offset_seconds',
      help: "Seconds that this machine's clock is behind the database's; negative: ahead",
      registers: [this.registry],
      collect() {
        this.set(behindMs() / 1000);
      },
    });
  }

  /** Counts every answer of `app`. */
  observe(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      const figures = this.#figures(
        request.routeOptions.url ?? 'none',
        request.method,
        Math.floor(reply.statusCode / 100),
      );
      figures.requests.inc();
      figures.duration.observe(reply.elapsedTime / 1000);
      done();
    });
  }

  /** Serves GET /metrics; the caller listens with it and closes it. A figure that cannot be read is told to `onError`. */
  server(onError: (error: unknown) => void): Server {
    return createServer((request, response) => {
      if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': this.registry.contentType }).end(text),
        (error) => {
          onError(error);
          response.writeHead(500).end();
        },
      );
    });
  }

  #figures(route: string, method: string, statusClass: number): RouteFigures {
    const key = `${method} ${route} ${statusClass}`;
    let figures = this.#known.get(key);
    if (!figures) {
      const labels = { route, method, status: `${statusClass}xx` };
      figures = { requests: this.#requests.labels(labels), duration: this.#durations.labels(labels) };
      this.#known.set(key, figures);
    }
    return figures;
  }

  #business(name: string, help: string): Counter<'tier' | 'operation'> {
    return new Counter({ name, help, labelNames: ['tier', 'operation'], registers: [this.registry] });
  }
}
