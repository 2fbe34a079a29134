import type { Tracer } from './tracing.js';

export interface TracingSettings {
  /** Of a collector that takes OTLP over HTTP; undefined: off. */
  endpoint: string | undefined;
  /** How much of what nobody else began to trace is traced: 0 … 1. */
  share: number;
}

/** Undefined where tracing is off: then nothing of OpenTelemetry is loaded. */
export async function openTracing(settings: TracingSettings, program: string): Promise<Tracer | undefined> {
  const { endpoint, share } = settings;
  if (endpoint === undefined) return undefined;
  const { openTelemetry } = await import('./open-telemetry.js');
  return openTelemetry({ endpoint, share, program });
}
