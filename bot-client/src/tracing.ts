import { AsyncLocalStorage } from 'node:async_hooks';
import { type Span, type SpanContext, type Tracer, traceparentOf } from '../../common/src/tracing.js';

/** A call to the service that is under way. */
export interface TracedCall {
  traceparent: string;
  end(failed: boolean): void;
}

/** What the bot does for one update, as spans; nothing where tracing is off. */
export class Tracing {
  readonly #tracer: Tracer | undefined;
  readonly #current = new AsyncLocalStorage<SpanContext>();

  constructor(tracer: Tracer | undefined) {
    this.#tracer = tracer;
  }

  /** `work`, and the calls that it makes, as one. */
  async within<T>(name: string, work: () => Promise<T>): Promise<T> {
    const span = this.#tracer?.start(name);
    if (!span) return work();
    return endedBy(span, this.#current.run(span.context, work));
  }

  /** Also a call that no update asked for. */
  startCall(method: string, path: string): TracedCall | undefined {
    // The first word of the path alone: what follows may name a user.
    const name = `${method} /${path.split(/[/?]/)[1] ?? ''}`;
    const span = this.#tracer?.start(name, { kind: 'client', parent: this.#current.getStore() });
    return (
      span && {
        traceparent: traceparentOf(span.context),
        end: (failed) => span.end({ failed }),
      }
    );
  }

  async close(): Promise<void> {
    await this.#tracer?.close();
  }
}

async function endedBy<T>(span: Span, work: Promise<T>): Promise<T> {
  let failed = true;
  try {
    const value = await work;
    failed = false;
    return value;
  } finally {
    span.end({ failed });
  }
}
