/** What Prometheus is told of webhooks: read back from the figures that an instance shows. */
import t from 'tap';
import { hookApp, receiver, until } from './hook-app.js';

t.setTimeout(180_000);

t.test('attempts by outcome; what waits, what fails and what was given up', async (t) => {
  const app = await hookApp(t);
  const { figures } = app.deliver;
  let status = 500;
  const { got, url } = await receiver(t, (_one, reply) => {
    reply.statusCode = status;
    reply.end();
  });
  const { id } = await app.hook(url);
  const { id: deaf } = await app.hook('http://127.0.0.1:9/nobody');
  const state = async () => {
    await figures.look(app.queue, Number.POSITIVE_INFINITY);
    return figures.state;
  };
  t.same(await state(), { waiting: 0, dueSince: null, failing: 0, givenUp: 0 });
  for (const amount of [1, 2]) await app.happen('web:a', amount);
  await app.tell();
  await until(async () => (await state()).failing === 2);
  t.match(
    await state(),
    { waiting: 4, dueSince: null },
    'the first has its time before it, the next its turn',
  );
  t.ok(figures.attempts.refused >= 1 && figures.attempts.unanswered >= 1);
  t.equal(figures.attempts.delivered, 0);
  await app.call('DELETE', `/webhooks/${deaf}`);
  status = 410;
  await app.pass(3_600);
  await until(async () => (await state()).givenUp === 1);
  t.match(await state(), { waiting: 0, failing: 0, dueSince: null });
  status = 200;
  await app.call('PUT', `/webhooks/${id}`, { body: { url, types: null } });
  const before = got.length;
  await app.happen('web:b');
  await app.tell();
  await until(() => got.length > before && figures.attempts.delivered > 0);
  t.match(await state(), { failing: 0, givenUp: 0 });
  await app.deliver.stop();
  await app.happen('web:b');
  await app.tell();
  await app.queue.lease();
  while (await app.queue.fill(id)) t.comment('there is more');
  await app.pass(600);
  const { dueSince, waiting } = await state();
  t.ok(waiting >= 1);
  t.ok(app.clock.now() - (dueSince ?? 0) >= 600_000, 'due, and nobody sends');
});
