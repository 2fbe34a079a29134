/** Answers that leave open whether a call was done: it is sent again, and its record kept until that is known. */
import t, { type Test } from 'tap';
import { BillingClient, MemoryWorkLog, MeteringClient } from '../../src/billing/index.js';
import { Gate, type Trouble } from '../support/gate.js';
import { testService } from '../support/test-service.js';

const service = await testService();
const gate = await new Gate(service.url).start();
const billing = new BillingClient({ url: gate.url, apiKey: service.botKey, random: () => 0 });
t.teardown(async () => {
  await billing.close();
  await gate.stop();
});
let serial = 0;

async function metered(t: Test, trouble: Trouble) {
  const user = `web:open${serial++}`;
  await service.give(user, 100);
  gate.calm();
  gate.passed.length = 0;
  gate.order(trouble);
  const log = new MemoryWorkLog();
  const metering = new MeteringClient(billing, log);
  t.teardown(() => metering.stop());
  const work = () => metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }));
  const left = () => service.balance(user);
  return { log, metering, work, left };
}

const FAULT = { status: 500, code: 'internal-error', detail: 'The request failed.' };

t.test('a reserve answered 500 is sent again under its key, and held once', async (t) => {
  for (const kind of ['status', 'done-status'] as const) {
    const { work, left } = await metered(t, { path: /reserve/, kind, times: 2, ...FAULT });
    await work();
    const keys = gate.calls(/reserve/).map((call) => call.key);
    t.equal(keys.length, 3);
    t.equal(new Set(keys).size, 1);
    t.same(await left(), { available: 95, reserved: 0, total: 95 });
  }
});

t.test('a hold that was made before a 500 is found and given back', async (t) => {
  const { work, left, log, metering } = await metered(t, {
    path: /reserve/,
    kind: 'done-status',
    times: 4,
    ...FAULT,
  });
  await t.rejects(work(), { code: 'internal-error', retryable: true });
  t.equal((await left()).reserved, 5);
  t.match(log.open(), [{ state: 'planned' }]);
  await metering.recover();
  t.same(await left(), { available: 100, reserved: 0, total: 100 });
  t.same(log.open(), []);
});

const NOT_SAID: Record<string, Partial<Trouble>> = {
  'the service’s 500': FAULT,
  'a request that arrived too slowly': { status: 408, code: 'request-timeout' },
  'too many requests under one key': { status: 429, code: 'too-many-requests' },
  'a proxy that does not find the service': { status: 404, page: '<h1>Not Found</h1>' },
  'a proxy that leads elsewhere': { status: 302, page: '<a href="/login">Log in</a>' },
  'a proxy’s own 5xx': { status: 521, page: '<h1>Web server is down</h1>' },
  'a key that is let in again later': { status: 401, code: 'unauthorized' },
};
for (const [name, answer] of Object.entries(NOT_SAID)) {
  t.test(`a charge stays owed after ${name}`, async (t) => {
    const { work, left, log, metering } = await metered(t, {
      path: /commit/,
      kind: 'status',
      times: 4,
      ...answer,
    });
    await work();
    t.match(log.open(), [{ state: 'delivered' }]);
    gate.calm();
    await metering.recover();
    t.same(await left(), { available: 95, reserved: 0, total: 95 });
    t.same(log.open(), []);
  });
}
