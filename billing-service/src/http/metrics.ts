/** prom-client's figures, served on a port of their own. Labels are routes and codes, never users. */
import { createServer, type Server } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type LabelValues, Registry } from 'prom-client';
import type { Telemetry } from '../domain/ports/telemetry.js';
import { telemetryFigures } from './telemetry-figures.js';

/** A request that could not be answered in time: `refused` at once, `late`, or its caller had `left`. Told once each. */
export type OnShed = (request: FastifyRequest, kind: 'refused' | 'late' | 'left') => void;

interface RouteFigures {
  requests: Counter.Internal;
  duration: Histogram.Internal<string>;
}

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** prom-client's gauges whose names end as only a counter's may; each has a twin by type without that end. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

export interface Watched<Label extends string = string> {
  name: string;
  help: string;
  labelNames?: readonly Label[];
  read():
    | Iterable<readonly [LabelValues<Label>, number]>
    | Promise<Iterable<readonly [LabelValues<Label>, number]>>;
}

export class Metrics {
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
  readonly #refused = new Counter({
    name: 'farebox_refused_requests_total',
    help: 'Requests and items of batches answered with a problem, by its code',
    labelNames: ['code'],
    registers: [this.registry],
  });
  readonly #shed = new Counter({
    name: 'farebox_shed_requests_total',
    help: 'Requests that could not be answered in time: refused at once, late, or left by their callers',
    labelNames: ['route', 'method', 'kind'],
    registers: [this.registry],
  });
  readonly shed: OnShed = (request, kind) => this.#shed.inc({ ...placeOf(request), kind });
  /** What domain and stores tell. */
  readonly telemetry: Telemetry = telemetryFigures(this.registry);
  /** Labels are looked up once a route and status class, not once a request. */
  readonly #known = new Map<string, RouteFigures>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
  }

  /** `read` is asked at each reading; it says the value for each set of labels. */
  watch<Label extends string>(kind: 'gauge' | 'counter', options: Watched<Label>): void {
    const { name, help, labelNames = [], read } = options;
    const Kind = kind === 'gauge' ? Gauge : Counter;
    new Kind<Label>({
      ...{ name, help, labelNames, registers: [this.registry] },
      async collect() {
        const values = await read();
        this.reset();
        for (const [labels, value] of values) this.inc(labels, value);
      },
    });
  }

  /** Counts every answer of `app`. */
  observe(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      if (reply.problemCode !== '') this.#refused.inc({ code: reply.problemCode });
      for (const code of reply.itemProblems ?? []) this.#refused.inc({ code });
      const { route, method } = placeOf(request);
      const figures = this.#figures(route, method, Math.floor(reply.statusCode / 100));
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
}

/** Of a path that is none, callers choose the method too. */
const placeOf = ({ routeOptions: { url }, method }: FastifyRequest) =>
  url === undefined ? { route: 'none', method: 'any' } : { route: url, method };
