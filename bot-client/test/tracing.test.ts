/** One message is one picture, from the bot through the service to the statement; a batch names all that it served. */
import t from 'tap';
import { type CollectedSpan, startCollector } from '../../common/test/support/otlp-collector.js';
import { testService } from './support/test-service.js';
import { Town, userOf } from './support/town.js';

t.setTimeout(240_000);
const TOGETHER = 40;

t.test('traces', async (t) => {
  const collector = await startCollector(t);
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const service = await testService(tracing);
  const town = await Town.open(t, tracing);
  const childrenOf = ({ traceId, spanId }: CollectedSpan) =>
    collector.spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId);
  const isLinked = (batch: CollectedSpan, to: CollectedSpan) =>
    batch.links?.some(({ traceId, spanId }) => traceId === to.traceId && spanId === to.spanId) === true;

  await t.test('message → call → request → batch → statement', async (t) => {
    const ann = await town.someone('en', 100);
    await town.scene(ann, () => ann.says('hello'));
    /** Names from the message down, where each is there; as long as it gets. */
    const picture = (): string[] => {
      const message = collector.spans.find(
        ({ program, name }) => program === 'farebot' && name === 'message',
      );
      const call = message && childrenOf(message).find(({ name }) => name === 'POST /tokens');
      const request = call && childrenOf(call).find(({ program }) => program === 'farebox');
      const batch = request && collector.spans.find((span) => isLinked(span, request));
      const statement = batch && childrenOf(batch)[0];
      return [message, call, request, batch, statement].flatMap((span) => span?.name ?? []);
    };
    await town.until(() => picture().length === 5);
    t.same(picture(), [
      ...['message', 'POST /tokens', 'POST /tokens/reserve'],
      ...['batch reserve', 'statement reserve'],
    ]);
    t.notMatch(JSON.stringify(collector.spans), userOf(ann), 'no span names a user');
  });

  await t.test('a batch has links to all that it served, and each caller’s choice is followed', async (t) => {
    const before = collector.spans.length;
    const people = await Promise.all(Array.from({ length: TOGETHER }, () => town.someone('en', 100)));
    const traceIds = people.map((_, i) => (i + 1).toString(16).padStart(32, 'a'));
    const reserve = (i: number) =>
      fetch(`${service.url}/tokens/reserve`, {
        method: 'POST',
        body: JSON.stringify({ user: userOf(people[i] as (typeof people)[0]), operation: 'chatgpt_message' }),
        headers: {
          ...{ authorization: `Bearer ${service.botKey}`, 'content-type': 'application/json' },
          ...{ 'idempotency-key': `traced ${i}` },
          traceparent: `00-${traceIds[i]}-${'b'.repeat(16)}-0${i % 2}`,
        },
      });
    const answers = await Promise.all(people.map((_, i) => reserve(i)));
    t.ok(answers.every(({ status }) => status === 201));
    const linked = () =>
      new Set(
        collector.spans
          .slice(before)
          .filter(({ name }) => name === 'batch reserve')
          .flatMap(({ links = [] }) => links.map(({ traceId }) => traceId)),
      );
    await town.until(() => linked().size >= TOGETHER / 2);
    t.same(
      [...linked()].sort(),
      traceIds.filter((_, i) => i % 2 === 1).sort(),
      'those that were to be traced, and no other',
    );
    const most = Math.max(...collector.spans.slice(before).map(({ links = [] }) => links.length));
    t.ok(most > 1, `one batch served ${most} of them`);
  });
});
