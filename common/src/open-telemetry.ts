/** With otlp-exporter.ts all that knows OpenTelemetry's own packages; see open-tracing.ts for why it is imported late. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { OtlpExporter } from './otlp-exporter.js';
import type { Span, SpanOptions, Tracer } from './tracing.js';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT };
/** How long the end of the program may wait for a collector. */
const LAST_EXPORT_MS = 2_000;

export function openTelemetry(settings: { endpoint: string; share: number; program: string }): Tracer {
  const exporter = new OtlpExporter(settings.endpoint);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.program }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('farebox');
  const start = (name: string, options: SpanOptions = {}): Span => {
    const { kind, parent, links = [], attributes = {}, startedAtMs } = options;
    const span = tracer.startSpan(
      name,
      {
        kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind],
        attributes,
        links: links.map((context) => ({ context })),
        ...(startedAtMs === undefined ? {} : { startTime: startedAtMs }),
      },
      parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT,
    );
    return {
      context: span.spanContext(),
      end: (outcome = {}) => {
        if (outcome.attributes) span.setAttributes(outcome.attributes);
        if (outcome.failed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
  return {
    start,
    // A collector that is away costs the spans, never the end of the program.
    close: () => provider.forceFlush({ timeoutMillis: LAST_EXPORT_MS }).catch(() => undefined),
  };
}
