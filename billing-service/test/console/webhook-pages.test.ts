import t from 'tap';
import { ADMIN_KEY } from '../support/test-app.js';
import { hookApp, receiver, until } from '../webhooks/hook-app.js';
import { shown } from './desk.js';
import { Operator } from './operator.js';

t.setTimeout(180_000);

const hooked = await hookApp(t);
const { app, call, keyWith, deliveries, happen, tell } = hooked;
const admin = new Operator(app);
await admin.signIn(ADMIN_KEY);
let status = 200;
const { got, url } = await receiver(t, (_one, reply) => {
  reply.statusCode = status;
  reply.end('<b>why</b>');
});
const SECRET = /whsec_[0-9A-Za-z+/=]+/;
const webhooks = async () => (await call('GET', '/webhooks')).body.items;

t.test('an endpoint is made: shown first, its secret once, however often it is confirmed', async (t) => {
  const page = await admin.get('/console/webhooks');
  const wish = { url, 'type-tokens.granted': 'yes', description: 'the bot', enabled: 'yes', reason: 'new' };
  const preview = await admin.submit(page, '/console/webhooks', wish);
  t.match(shown(preview), /Events – → tokens\.granted/);
  t.strictSame(await webhooks(), [], 'a preview makes none');
  const made = await admin.submit(preview, '/console/webhooks');
  t.match(made.text, SECRET);
  t.equal((await admin.submit(preview, '/console/webhooks')).text, made.text);
  const [hook, ...others] = await webhooks();
  t.strictSame(others, []);
  t.match(hook, { url, types: ['tokens.granted'], description: 'the bot', enabled: true });
  for (const path of ['/console/webhooks', `/console/webhooks/${hook.id}`])
    t.notMatch((await admin.get(path)).text, SECRET, 'and never again');
  const [line] = (await call('GET', '/audit-log?action=createWebhook')).body.items;
  t.match(line, { reason: 'new', actor: { via: 'console' } });
});

t.test('deliveries with their attempts, filtered, as CSV, and sent again', async (t) => {
  const [{ id }] = await webhooks();
  const path = `/console/webhooks/${id}`;
  await happen('web:a');
  await tell();
  await until(async () => (await deliveries(id, 'status=delivered')).length === 1);
  t.match(shown(await admin.get(path)), /tokens\.granted evt_\d+ delivered .*1 attempt, .*: 200/);
  t.match((await admin.get(path)).text, /200 · \d+ ms · &lt;b>why/, 'an answer is text');
  t.match(shown(await admin.get(`${path}?status=failed`)), 'Nothing was sent, and nothing waits.');
  t.match(
    (await admin.get(`${path}?format=csv`)).text,
    /tokens\.granted,delivered,,.* · 200 · \d+ ms · <b>why/,
  );
  const [{ id: delivery }] = await deliveries(id);
  const again = `${path}/deliveries/${delivery}/resend`;
  const preview = await admin.submit(await admin.get(again), again, { reason: 'lost there' });
  t.equal(got.length, 1);
  t.equal((await admin.submit(preview, again)).headers.location, `${path}?done=sentAgain`);
  await admin.submit(preview, again);
  await until(() => got.length === 2);
  t.equal(got[1]?.headers['webhook-id'], got[0]?.headers['webhook-id']);
  t.equal((await deliveries(id)).length, 2, 'a second click sends nothing more');
  const all = await admin.submit(await admin.get(path), `${path}/resend`, { since: '', reason: 'x' });
  t.equal(all.status, 400, 'since when is to be said');
  const since = { since: '2020-01-01T00:00', reason: 'a new receiver' };
  const rewind = await admin.submit(await admin.get(path), `${path}/resend`, since);
  t.equal((await admin.submit(rewind, `${path}/resend`)).status, 303);
  await until(() => got.length === 3);
});

t.test('a test, a new secret, a change: each is shown before it is done', async (t) => {
  const [{ id }] = await webhooks();
  const path = `/console/webhooks/${id}`;
  const does = async (what: string, wish: Record<string, string> = {}) => {
    const form = { reason: 'x', ...wish };
    const preview = await admin.submit(await admin.get(path), `${path}/${what}`, form);
    return { preview, done: await admin.submit(preview, `${path}/${what}`) };
  };
  t.equal((await does('test')).done.status, 303);
  await until(() => got.some(({ body }) => body.type === 'webhook.test'));
  const rotated = await does('rotate');
  t.match(shown(rotated.preview), /one secret → two secrets for 24 hours/);
  t.match(rotated.done.text, SECRET);
  const changed = await does('edit', { url, description: 'the bot', enabled: 'no' });
  t.match(shown(changed.preview), /Events tokens\.granted → all/);
  t.match(shown(changed.preview), /Enabled yes → no .*What waits for it is skipped: 0/);
  t.match(await webhooks(), [{ enabled: false, types: null }]);
  t.match(shown(await admin.get('/console/webhooks')), /the bot off all/);
  t.equal((await does('edit', { url: 'nonsense', enabled: 'yes' })).done.status, 400);
});

t.test('an endpoint that fails is a problem of today, until it is mended or removed', async (t) => {
  const [{ id }] = await webhooks();
  const path = `/console/webhooks/${id}`;
  t.match(shown(await admin.get('/console')), /No problems: .* webhooks are well/, 'off is no fault');
  await call('PUT', `/webhooks/${id}`, { body: { url, types: null } });
  status = 500;
  await happen('web:b');
  await tell();
  await until(async () => (await webhooks())[0].failingSince !== null);
  const today = await admin.get('/console');
  t.match(
    today.text,
    /<ul class="problems"><li><a href="\/console\/webhooks">1 endpoint of webhooks failing/,
  );
  t.match(shown(await admin.get(path)), /failing, first .*waiting/);
  const preview = await admin.submit(await admin.get(path), `${path}/delete`, { reason: 'gone' });
  t.match(shown(preview), /→ removed .*What waits for it is not sent: [12]\./);
  t.equal(
    (await admin.submit(preview, `${path}/delete`)).headers.location,
    '/console/webhooks?done=webhookRemoved',
  );
  t.strictSame(await webhooks(), []);
  t.equal((await admin.get(path)).status, 404);
  t.match(shown(await admin.get('/console')), 'No problems');
});

t.test('support sees endpoints and deliveries, and is shown no form that writes', async (t) => {
  const { id } = await hooked.hook(url);
  const support = new Operator(app);
  await support.signIn(await keyWith('support'));
  for (const path of ['/console/webhooks', `/console/webhooks/${id}`]) {
    const page = await support.get(path);
    t.equal(page.status, 200);
    t.notMatch(page.text, 'name="reason"');
  }
  t.equal((await support.get(`/console/webhooks/${id}/deliveries/1/resend`)).status, 403);
});
