/**
 * Whoever sends is killed again and again, at whatever it is at: every event arrives, a repeat is the same under the
 * same id, and none overtakes one of its user. `FC_SCALE=100 npm test -- webhooks/kill-nine` kills 1,000 times.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { AddressRule } from '../../src/domain/webhooks/addresses.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { tellEvents } from '../readers/tell-events.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';
import { optional } from '../support/test-environment.js';
import { receiver, until } from './hook-app.js';

const SCALE = Number(optional('FC_SCALE') ?? 1);
const KILLS = 10 * SCALE;
const USERS = 5;
t.setTimeout(240_000 * SCALE);
const SEND = fileURLToPath(new URL('./send-forever.js', import.meta.url));

t.test('kill -9 of the sender, in between everything', async (t) => {
  const url = await createTestDatabase(t, 'direct');
  const database = openPostgres({ url });
  t.teardown(() => database.close());
  const addresses = new AddressRule(['127.0.0.0/8']);
  const store = { kind: 'postgres' as const, open: async () => database };
  const app = await testApp(t, { store, change: () => ({ addresses }) });
  const { got, url: hook } = await receiver(t);
  await app.call('POST', '/webhooks', { body: { url: hook, types: ['tokens.granted'] } });
  let child = spawn(process.execPath, [SEND, url], { stdio: ['pipe', 'ignore', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  for (let kill = 0; kill < KILLS; kill++) {
    const before = got.length;
    for (let i = 0; i < 20; i++) {
      const amount = 1 + kill * 20 + i;
      await app.call('POST', '/tokens/grant', {
        body: { user: `web:${i % USERS}`, amount, source: 'promo', reason: 'test' },
        headers: { 'idempotency-key': `${amount}` },
      });
    }
    await tellEvents(database, app.clock);
    await until(() => got.length > before + (kill % 9));
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    // The lease of one that died would be waited for; that it ends by itself is tried once.
    if (kill > 0) await database.query('update webhooks set lease_until = now()');
    child = spawn(process.execPath, [SEND, url], { stdio: ['pipe', 'ignore', 'inherit'] });
  }
  const texts = new Map<string, string>();
  await until(() => new Set(got.map(({ headers }) => headers['webhook-id'])).size === KILLS * 20);
  const highest: Record<string, number> = {};
  const overtaken: string[] = [];
  for (const { headers, text, body } of got) {
    const id = headers['webhook-id'] ?? '';
    if (texts.has(id)) t.equal(text, texts.get(id), 'a repeat is the same');
    else if (body.data.sequence <= (highest[body.data.user] ?? 0)) overtaken.push(id);
    texts.set(id, text);
    highest[body.data.user] = Math.max(highest[body.data.user] ?? 0, body.data.sequence);
  }
  t.strictSame(overtaken, [], 'none comes first after a later one of its user');
});
