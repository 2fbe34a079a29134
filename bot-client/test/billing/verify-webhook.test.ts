/** A frontend takes only what the service has signed; the signatures here are by the library of the standard's authors. */
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { verifyWebhook, WebhookRefused } from '../../src/billing/index.js';

const secret = () => `whsec_${randomBytes(24).toString('base64')}`;
const BODY = JSON.stringify({
  type: 'tokens.low',
  timestamp: '2026-01-31T12:00:00Z',
  data: { user: 'web:я' },
});

function delivery(by: string, { body = BODY, at = new Date() } = {}) {
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('evt_1', at, body),
  };
  return { headers, body };
}

t.test('what was signed with the secret is read, as text and as bytes', (t) => {
  const mine = secret();
  const { headers, body } = delivery(mine);
  const wanted = { id: 'evt_1', ...JSON.parse(BODY) };
  t.strictSame(verifyWebhook({ secret: mine, headers, body }), wanted);
  t.strictSame(verifyWebhook({ secret: mine, headers, body: Buffer.from(body) }), wanted);
  t.end();
});

t.test('while a secret is changed either of both will do', (t) => {
  const [old, fresh] = [secret(), secret()];
  for (const by of [old, fresh]) t.ok(verifyWebhook({ secret: [old, fresh], ...delivery(by) }));
  const both = delivery(old);
  both.headers['webhook-signature'] = `v1a,xyz ${delivery(fresh).headers['webhook-signature']} v1,AAAA`;
  t.ok(verifyWebhook({ secret: fresh, ...both }), 'one right signature among several is enough');
  t.end();
});

t.test('anything else is refused, and says why', (t) => {
  const mine = secret();
  const refused = (change: (delivered: ReturnType<typeof delivery>) => void, why: RegExp, by = mine) => {
    const delivered = delivery(by);
    change(delivered);
    t.throws(() => verifyWebhook({ secret: mine, ...delivered }), { message: why });
    t.throws(() => verifyWebhook({ secret: mine, ...delivered }), WebhookRefused);
  };
  const past = delivery(mine, { at: new Date(Date.now() - 600_000) });
  refused(() => {}, /another secret or another body/, secret());
  refused((one) => {
    one.body = one.body.replace('low', 'exhausted');
  }, /another body/);
  refused((one) => {
    one.headers['webhook-id'] = 'evt_2';
  }, /another body/);
  refused((one) => {
    one.headers['webhook-signature'] = '';
  }, /another secret/);
  refused((one) => {
    one.headers = past.headers;
  }, /300 s from now/);
  refused((one) => {
    one.headers['webhook-timestamp'] = 'now';
  }, /from now/);
  refused((one) => Reflect.deleteProperty(one.headers, 'webhook-signature'), /webhook-signature is missing/);
  t.end();
});
