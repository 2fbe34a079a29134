import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** A collector that is slower loses what was sent to it. */
const EXPORT_TIMEOUT_MS = 5_000;
/** OTLP counts kinds from 1, the API from 0. */
const KIND_OFFSET = 1;

/**
 * Sends spans as OTLP over HTTP, in its JSON form. OpenTelemetry's own exporter brings six packages more, for metrics and
 * logs, and every start would install them. Nothing is sent twice: spans that a collector did not take are lost.
 */
export class OtlpExporter implements SpanExporter {
  readonly #url: string;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(endpoint: string) {
    this.#url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    const sent = this.#send(spans)
      .then(
        () => done({ code: 0 }),
        (error: Error) => done({ code: 1, error }),
      )
      .then(() => {
        this.#underWay.delete(sent);
      });
    this.#underWay.add(sent);
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  async #send(spans: ReadableSpan[]): Promise<void> {
    const [first] = spans;
    if (!first) return;
    const resource = { attributes: attributesOf(first.resource.attributes as Attributes) };
    const scopeSpans = [{ scope: { name: first.instrumentationScope.name }, spans: spans.map(spanOf) }];
    const answer = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }),
      signal: AbortSignal.timeout(EXPORT_TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
  }
}

function spanOf(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  return {
    ...{ traceId, spanId, parentSpanId: span.parentSpanContext?.spanId, name: span.name },
    kind: span.kind + KIND_OFFSET,
    startTimeUnixNano: nanosecondsOf(span.startTime),
    endTimeUnixNano: nanosecondsOf(span.endTime),
    attributes: attributesOf(span.attributes),
    links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })),
    status: { code: span.status.code },
  };
}

/** As text: they are beyond what a double can hold. */
const nanosecondsOf = ([seconds, nanoseconds]: [number, number]): string =>
  `${seconds}${String(nanoseconds).padStart(9, '0')}`;

/** Texts and whole numbers are all that is ever told. */
const attributesOf = (attributes: Attributes): object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: String(value) },
  }));
