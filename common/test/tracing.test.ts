/** Spans go where the setting says, under the caller's trace; without the setting nothing of it is loaded. */
import { createRequire } from 'node:module';
import t from 'tap';
import { openTracing } from '../src/open-tracing.js';
import { contextOf, isTraced, traceparentOf } from '../src/tracing.js';
import { startCollector } from './support/otlp-collector.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('/@opentelemetry/sdk-'));

t.test('off: no tracer, and nothing of the SDK is loaded', async (t) => {
  t.equal(await openTracing({ endpoint: undefined, share: 1 }, 'test'), undefined);
  t.same(loaded(), []);
});

t.test('on: a span is told, with its parent, links and attributes', async (t) => {
  const collector = await startCollector(t);
  const tracer = await openTracing({ endpoint: `${collector.url}/`, share: 0 }, 'test');
  t.ok(loaded().length > 0, 'now it is');
  const parent = contextOf(`00-${TRACE}-${SPAN}-01`);
  const span = tracer?.start('child', { parent, links: [{ traceId: TRACE, spanId: SPAN, traceFlags: 1 }] });
  span?.end({ attributes: { answer: 42 }, failed: true });
  const untold = tracer?.start('the first of its own trace');
  t.equal(untold && isTraced(untold.context), false, 'a share of 0 tells none that nobody else began');
  untold?.end();
  await tracer?.close();
  t.match(collector.spans, [
    {
      ...{ program: 'test', name: 'child', traceId: TRACE, parentSpanId: SPAN },
      links: [{ traceId: TRACE, spanId: SPAN }],
      attributes: [{ key: 'answer', value: { intValue: '42' } }],
    },
  ]);
  t.equal(collector.spans.length, 1);
});

t.test('a collector that is away fails no end', async (t) => {
  const tracer = await openTracing({ endpoint: 'http://127.0.0.1:1', share: 1 }, 'test');
  tracer?.start('lost').end();
  await t.resolves(Promise.resolve(tracer?.close()));
});

t.test('traceparent is read as the standard writes it, and what is none is none', async (t) => {
  const context = contextOf(`00-${TRACE}-${SPAN}-01`);
  t.same(context, { traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  t.equal(context && traceparentOf(context), `00-${TRACE}-${SPAN}-01`);
  t.equal(contextOf(`00-${TRACE}-${SPAN}-00`)?.traceFlags, 0);
  t.ok(contextOf(`01-${TRACE}-${SPAN}-01-more`), 'of a version to come');
  for (const bad of [
    undefined,
    '',
    [],
    'x',
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01x`,
  ])
    t.equal(contextOf(bad), undefined, String(bad));
});
