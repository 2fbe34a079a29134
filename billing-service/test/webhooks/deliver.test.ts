/** Webhooks: what is sent, signed how, in which order, and what becomes of an endpoint that does not take it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { hookApp, receiver, until } from './hook-app.js';

t.setTimeout(180_000);
const DAY_S = 86_400;
const A = 'web:a';
const B = 'web:b';

t.test('an event is POSTed, exactly as the feed has it, and the library takes its signature', async (t) => {
  const app = await hookApp(t);
  const { got, url } = await receiver(t);
  const { secret, id, ...rest } = await app.hook(url);
  t.match(rest, { url, types: ['tokens.granted'], enabled: true, disabledFor: null });
  await app.happen(A, 7);
  await app.tell();
  await until(() => got.length === 1);
  const [one] = got;
  const [event] = (await app.call('GET', '/events?types=tokens.granted')).body.items;
  t.equal(one?.headers['webhook-id'], event.id);
  t.strictSame(one?.body, { type: event.type, timestamp: event.timestamp, data: event.data });
  t.strictSame(Object.keys(one?.body), ['type', 'timestamp', 'data']);
  t.strictSame(new Webhook(secret).verify(one?.text ?? '', one?.headers ?? {}), one?.body);
  t.throws(() => new Webhook(secret).verify(`${one?.text} `, one?.headers ?? {}));
  await until(async () => (await app.deliveries(id))[0].status === 'delivered');
  t.match(await app.deliveries(id), [{ eventId: event.id, attempts: [{ status: 200, body: 'ok' }] }]);
  t.strictSame(await app.deliveries(id, 'status=failed'), []);
});

t.test(
  'a secret is rotated without a lost delivery: both sign for a day, and none is shown again',
  async (t) => {
    const app = await hookApp(t);
    const { got, url } = await receiver(t);
    const { secret: old, id } = await app.hook(url);
    const { secret } = (await app.call('POST', `/webhooks/${id}/rotate-secret`)).body;
    const sends = async (count: number) => {
      await app.happen(A);
      await app.tell();
      await until(() => got.length === count);
      return got[count - 1] ?? { text: '', headers: {} };
    };
    const both = await sends(1);
    for (const each of [old, secret]) t.ok(new Webhook(each).verify(both.text, both.headers));
    await app.pass(DAY_S);
    const one = await sends(2);
    t.ok(new Webhook(secret).verify(one.text, one.headers));
    t.throws(() => new Webhook(old).verify(one.text, one.headers), 'the old one is over');
    for (const path of [`/webhooks/${id}`, '/webhooks', '/audit-log', `/webhooks/${id}/deliveries`]) {
      t.notMatch((await app.call('GET', path)).text, /whsec_/, path);
    }
  },
);

t.test(
  'in order for each user: one that is refused holds up its user’s next, and nobody else’s',
  async (t) => {
    const app = await hookApp(t);
    let isDown = true;
    const { got, url } = await receiver(t, (one, reply) => {
      reply.statusCode = isDown && one.body.data.user === A ? 500 : 204;
      reply.end();
    });
    const { id } = await app.hook(url);
    for (const amount of [1, 2, 3]) await app.happen(A, amount);
    await app.happen(B, 4);
    await app.tell();
    await until(async () => (await app.deliveries(id, 'status=delivered')).length === 1);
    t.strictSame(got.map(({ body }) => body.data.amount).sort(), [1, 4]);
    isDown = false;
    await sleep(1_200);
    t.equal(got.length, 2, 'not before its time');
    await app.pass(7);
    await until(async () => (await app.deliveries(id, 'status=delivered')).length === 4);
    const ofA = got.filter(({ body }) => body.data.user === A).map(({ body }) => body.data.amount);
    t.strictSame(ofA, [1, 1, 2, 3]);
    t.equal(
      got[0]?.text,
      got.filter(({ body }) => body.data.amount === got[0]?.body.data.amount).at(-1)?.text,
    );
  },
);

t.test('down for two days: afterwards it gets everything, in order', async (t) => {
  const app = await hookApp(t);
  let isDown = true;
  const { got, url, ids } = await receiver(t, (_one, reply) => {
    reply.statusCode = isDown ? 503 : 200;
    reply.end();
  });
  const { id } = await app.hook(url);
  for (let hour = 0; hour < 48; hour += 4) {
    await app.happen(A, 1 + hour);
    await app.tell();
    await app.pass(4 * 3_600);
  }
  await until(() => got.length > 0);
  isDown = false;
  got.length = 0;
  await until(async () => {
    await app.pass(DAY_S / 4);
    return (await app.deliveries(id, 'status=delivered')).length === 12;
  });
  t.strictSame(
    got.map(({ body }) => body.data.amount),
    Array.from({ length: 12 }, (_, i) => 1 + 4 * i),
  );
  t.equal(new Set(ids()).size, 12, 'each once, now that it is up');
  t.match((await app.call('GET', `/webhooks/${id}`)).body, { enabled: true, failingSince: null });
});

t.test(
  '410 disables at once, five days of failures do: with an event; enabled again, it goes on',
  async (t) => {
    const app = await hookApp(t);
    let status = 410;
    const { got, url } = await receiver(t, (_one, reply) => {
      reply.statusCode = status;
      reply.end();
    });
    const { id } = await app.hook(url);
    for (const amount of [1, 2]) await app.happen(A, amount);
    await app.tell();
    const read = async () => (await app.call('GET', `/webhooks/${id}`)).body;
    await until(async () => !(await read()).enabled);
    t.match(await read(), { disabledFor: 'gone' });
    t.strictSame(
      (await app.deliveries(id)).map((one) => one.status),
      ['skipped', 'skipped'],
    );
    await app.happen(A, 3);
    await app.tell();
    status = 500;
    await app.call('PUT', `/webhooks/${id}`, { body: { url, types: ['tokens.granted'] } });
    await app.happen(A, 4);
    await app.tell();
    await until(async () => (await read()).failingSince !== null);
    t.strictSame(
      got.map(({ body }) => body.data.amount),
      [1, 4],
      'what happened while it was disabled is skipped',
    );
    await app.pass(5 * DAY_S + 60);
    await until(async () => !(await read()).enabled);
    t.match(await read(), { disabledFor: 'failing' });
    await app.tell();
    t.match((await app.call('GET', '/events?types=webhook.disabled')).body.items, [
      { sequence: null, data: { webhookId: id, reason: 'gone' } },
      { data: { webhookId: id, reason: 'failing' } },
    ]);
  },
);

t.test(
  'a test comes whatever the types, a delivery is sent again, and so are all since a moment',
  async (t) => {
    const app = await hookApp(t);
    const { got, url, ids } = await receiver(t);
    const { id } = await app.hook(url);
    const test = await app.call('POST', `/webhooks/${id}/test`);
    t.match(test, { status: 202, body: { type: 'webhook.test', status: 'waiting' } });
    await until(() => got.length === 1);
    t.match(got[0]?.body, { type: 'webhook.test', data: { webhookId: id } });
    const since = new Date(app.clock.now()).toISOString();
    for (const amount of [1, 2]) await app.happen(A, amount);
    await app.tell();
    await until(async () => (await app.deliveries(id, 'status=delivered')).length === 3);
    const [last] = await app.deliveries(id);
    t.match(await app.call('POST', `/deliveries/${last.id}/resend`), {
      status: 202,
      body: { eventId: last.eventId },
    });
    await until(() => got.length === 4);
    t.match(await app.call('POST', `/webhooks/${id}/resend`, { body: { since } }), { status: 202 });
    await until(() => got.length === 6);
    const [, first, second] = ids();
    t.strictSame(ids().slice(1), [first, second, second, first, second]);
    t.match(await app.call('POST', '/deliveries/99/resend'), {
      status: 404,
      body: { code: 'unknown-delivery' },
    });
    t.match(await app.call('DELETE', `/webhooks/${id}`), { status: 204 });
    t.match(await app.call('GET', `/webhooks/${id}`), { status: 404, body: { code: 'unknown-webhook' } });
  },
);
