/** As far as it is used here; the package brings no types. */
declare module 'autocannon' {
  interface Raw {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  }
  interface Step<Context> extends Raw {
    setupRequest?(request: Raw, context: Context): Raw | undefined;
    onResponse?(status: number, body: string, context: Context): void;
  }
  interface Options<Context> {
    url: string;
    connections: number;
    duration: number;
    timeout: number;
    headers: Record<string, string>;
    requests: Step<Context>[];
    initialContext?: Context;
  }
  interface Result {
    /** Seconds. */
    duration: number;
    requests: { total: number };
    /** Milliseconds. */
    latency: { p50: number; p99: number; max: number };
    non2xx: number;
    errors: number;
    timeouts: number;
  }
  interface Instance extends PromiseLike<Result> {
    stop(): void;
  }
  export default function autocannon<Context>(options: Options<Context>): Instance;
}
