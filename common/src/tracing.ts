/** Which call led to which, for programs and callers that are traced; see open-tracing.ts. */

/** A span as others name it. The flag says whether it is told at all: what is beneath it follows. */
export interface SpanContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

export interface Span {
  readonly context: SpanContext;
  /** At most once. `attributes` never name a user. */
  end(outcome?: { attributes?: Record<string, string | number>; failed?: boolean }): void;
}

export interface SpanOptions {
  kind?: 'server' | 'client';
  parent?: SpanContext | undefined;
  /** Others that led to it. */
  links?: readonly SpanContext[];
  attributes?: Record<string, string | number>;
  /** By the process' own clock (performance.now()); now if absent. */
  startedAtMs?: number;
}

export interface Tracer {
  start(name: string, options?: SpanOptions): Span;
  /** Sends what is left. */
  close(): Promise<void>;
}

const SAMPLED = 1;
export const isTraced = ({ traceFlags }: SpanContext): boolean => (traceFlags & SAMPLED) !== 0;

/** The header of https://www.w3.org/TR/trace-context/. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;

/** Undefined where there is none, or none that can be read: the call is then the first of its trace. */
export function contextOf(traceparent: string | string[] | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(String(traceparent ?? '')) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}
