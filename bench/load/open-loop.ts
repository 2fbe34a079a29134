/**
 * Latency at a fixed rate of arrivals: `node open-loop.js '<FixedRate as JSON>'`. Requests are due at even distances
 * whether or not earlier ones were answered, and each one's time counts from when it was due, even if it has to wait
 * for a free connection: a server that stalls is not spared the requests that would have come meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../report/percentile.js';
import { KeepAliveConnection } from './keep-alive-connection.js';
import { requestMaker, userChooser } from './requests.js';
import type { FixedRate, Latency } from './run-open-loop.js';

/** After the last request was due. */
const PATIENCE_MS = 10_000;

class OpenLoop {
  readonly #free: KeepAliveConnection[];
  /** When each request that waits for a connection was due. */
  readonly #queue: number[] = [];
  readonly #make: () => string;
  readonly latencies: number[] = [];
  refused = 0;
  failed = 0;

  constructor(connections: KeepAliveConnection[], make: () => string) {
    this.#free = connections;
    this.#make = make;
  }

  get done(): number {
    return this.latencies.length + this.refused + this.failed;
  }

  arrive(dueAt: number): void {
    this.#queue.push(dueAt);
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const connection = this.#free.pop();
      if (!connection) return;
      const dueAt = this.#queue.shift() as number;
      connection.send(this.#make(), (status) => this.#settle(connection, dueAt, status));
    }
  }

  #settle(connection: KeepAliveConnection, dueAt: number, status: number): void {
    if (status >= 200 && status < 300) this.latencies.push(performance.now() - dueAt);
    else if (status === 0) this.failed += 1;
    else this.refused += 1;
    this.#free.push(connection);
    this.#dispatch();
  }
}

function requestText(load: FixedRate): () => string {
  const make = requestMaker(load.call, userChooser(load.users, load.choice));
  return () => {
    const { method, path, body = '' } = make();
    const head = `${method} ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${load.key}\r\n`;
    return body === ''
      ? `${head}\r\n`
      : `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
}

async function run(load: FixedRate): Promise<Latency> {
  const { hostname, port } = new URL(load.url);
  const opened = Array.from({ length: load.connections }, () =>
    KeepAliveConnection.open(hostname, Number(port)),
  );
  const connections = await Promise.all(opened);
  const loop = new OpenLoop([...connections], requestText(load));
  const total = Math.round(load.ratePerSecond * load.seconds);
  const startedAt = performance.now();
  const dueAt = (i: number) => startedAt + (i * 1000) / load.ratePerSecond;
  for (let sent = 0; sent < total; await sleep(1)) {
    for (const now = performance.now(); sent < total && dueAt(sent) <= now; sent++) loop.arrive(dueAt(sent));
  }
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (loop.done < total && performance.now() < giveUpAt) await sleep(5);
  const seconds = (performance.now() - startedAt) / 1000;
  for (const connection of connections) connection.close();
  const at = (share: number) => percentile(loop.latencies, share);
  return {
    requests: loop.done,
    perSecond: loop.done / seconds,
    refused: loop.refused,
    failed: loop.failed + (total - loop.done),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as FixedRate))}\n`);
process.exit(0);
