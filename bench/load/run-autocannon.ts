/** Throughput where wrk is not installed. It takes several times wrk's CPU, so that its rates are lower. */
import { readFileSync } from 'node:fs';
import type { Load, Measured } from './load.js';
import { commitRequest, type Request, requestMaker, userChooser } from './requests.js';

const ANSWER_TIMEOUT_S = 10;

interface Context {
  reservationId?: string;
}
interface Step {
  setupRequest(request: object, context: Context): object;
  onResponse?(status: number, body: string, context: Context): void;
}

export async function runAutocannon(load: Load): Promise<Measured> {
  const { default: autocannon } = await import('autocannon');
  const ids = load.idsFile ? readFileSync(load.idsFile, 'utf8').trimEnd().split('\n') : [];
  const run = autocannon<Context>({
    url: load.url,
    connections: load.connections,
    duration: load.seconds,
    timeout: ANSWER_TIMEOUT_S,
    headers: { authorization: `Bearer ${load.key}` },
    requests: steps(load, ids, () => run.stop()),
    initialContext: {},
  });
  const stop = () => run.stop();
  load.signal.addEventListener('abort', stop);
  const result = await run;
  load.signal.removeEventListener('abort', stop);
  return {
    requests: result.requests.total,
    seconds: result.duration,
    perSecond: result.requests.total / result.duration,
    refused: result.non2xx,
    failed: result.errors + result.timeouts,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

/** What one connection sends, in turn. */
function steps(load: Load, ids: string[], stop: () => void): Step[] {
  if (load.call === 'commit') {
    const next = () => {
      // Out of reservations: the round ends here, and its rate is over the time it had.
      if (ids.length === 1) stop();
      return commitRequest((ids.length > 1 ? ids.pop() : ids[0]) as string);
    };
    return [{ setupRequest: (request) => filledIn(request, next()) }];
  }
  const make = requestMaker(load.call, userChooser(load.users, load.choice));
  const first: Step = { setupRequest: (request) => filledIn(request, make()) };
  if (load.call !== 'life') return [first];
  first.onResponse = (status, body, context) => {
    if (status === 201) context.reservationId = (JSON.parse(body) as Required<Context>).reservationId;
  };
  const second: Step = {
    setupRequest: (request, { reservationId }) => filledIn(request, commitRequest(reservationId ?? '')),
  };
  return [first, second];
}

function filledIn(request: object, { method, path, body }: Request): object {
  const headers = 'headers' in request ? (request.headers as object) : {};
  return body === undefined
    ? { ...request, method, path }
    : { ...request, method, path, body, headers: { ...headers, 'content-type': 'application/json' } };
}
