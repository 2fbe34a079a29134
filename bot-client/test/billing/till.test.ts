import t from 'tap';
import { BillingClient, BillingError, MemoryWorkLog, Till, WorkFailed } from '../../src/billing/index.js';
import { StandInService } from '../stand-in/stand-in-service.js';

const service = await new StandInService().start();
const billing = new BillingClient({
  url: service.url,
  apiKey: service.apiKey,
  deadlineMs: 200,
  random: () => 0,
});
t.teardown(async () => {
  await billing.close();
  await service.stop();
});
let serial = 0;
function rich(): { user: string; log: MemoryWorkLog; till: Till } {
  const user = `web:u${serial++}`;
  service.state.credit(user, 'grant', 100);
  const log = new MemoryWorkLog();
  const till = new Till(billing, log);
  t.teardown(() => till.stop());
  return { user, log, till };
}
const balance = (user: string) => service.state.balance(user);

t.test('delivered work is charged once, at its own cost', async (t) => {
  const { user, log, till } = rich();
  const done = await till.withTokens(user, 'chatgpt_message', async () => ({ value: 'hi', cost: 3 }));
  t.match(done, { value: 'hi', cost: 3 });
  t.same(balance(user), { available: 97, reserved: 0, total: 97 });
  t.same(log.open(), []);
});

t.test('failed or cancelled work costs nothing', async (t) => {
  const { user, till } = rich();
  const failing = till.withTokens(user, 'chatgpt_message', async () => {
    throw new Error('no luck');
  });
  await t.rejects(failing, { name: 'WorkFailed', balance: { available: 100 } });
  const stop = new AbortController();
  stop.abort();
  const cancelled = till.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), {
    signal: stop.signal,
  });
  await t.rejects(cancelled, WorkFailed);
  t.same(balance(user), { available: 100, reserved: 0, total: 100 });
});

t.test('a lost answer to reserve, commit or refund changes nothing of the result', async (t) => {
  for (const path of [/reserve/, /commit/]) {
    const { user, till } = rich();
    service.faults = [{ path, times: 2, loseReply: true }];
    await till.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }));
    t.same(balance(user), { available: 95, reserved: 0, total: 95 }, String(path));
  }
  const { user, till } = rich();
  service.faults = [{ path: /refund/, times: 2, loseReply: true }];
  await t.rejects(
    till.withTokens(user, 'chatgpt_message', () => Promise.reject(new Error('x'))),
    WorkFailed,
  );
  t.same(balance(user), { available: 100, reserved: 0, total: 100 });
});

t.test('one key for all tries of a call, and a refusal is not tried again', async (t) => {
  const { user, till } = rich();
  service.requests.length = 0;
  service.faults = [{ path: /reserve/, times: 2, status: 503 }];
  await till.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), { key: 'k-1' });
  t.same(
    service.requests.filter((one) => one.path === '/tokens/reserve').map((one) => one.key),
    ['k-1', 'k-1', 'k-1'],
  );
  service.requests.length = 0;
  const poor = till.withTokens('web:poor', 'chatgpt_message', async () => ({ value: 1 }));
  await t.rejects(poor, { code: 'insufficient-tokens', status: 402, retryable: false, requestId: 'req-1' });
  t.equal(service.requests.length, 1);
});

t.test('a service away at commit is charged later; away at refund, given back later', async (t) => {
  const { user, log, till } = rich();
  service.faults = [{ path: /commit|refund/, times: 4, status: 503 }];
  await till.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }));
  t.equal(log.open()[0]?.state, 'delivered');
  await till.recover();
  t.same(balance(user), { available: 95, reserved: 0, total: 95 });
  service.faults = [{ path: /commit|refund/, times: 4, status: 503 }];
  const failed = till.withTokens(user, 'chatgpt_message', () => Promise.reject(new Error('x')));
  await t.rejects(failed, WorkFailed);
  await till.recover();
  t.same(balance(user), { available: 95, reserved: 0, total: 95 });
});

t.test('a hold nobody heard of is found and given back', async (t) => {
  const { user, log, till } = rich();
  service.faults = [{ path: /reserve/, times: 4, loseReply: true }];
  await t.rejects(
    till.withTokens(user, 'chatgpt_message', async () => ({ value: 1 })),
    BillingError,
  );
  t.equal(balance(user).reserved, 5, 'the service holds tokens the bot does not know of');
  t.equal(log.open()[0]?.state, 'planned');
  await till.recover();
  t.same(balance(user), { available: 100, reserved: 0, total: 100 });
});

t.test('a service that hangs is given up on at the deadline', async (t) => {
  service.faults = [{ path: /balance/, times: 9, hang: true }];
  await t.rejects(billing.balance('web:u0'), { code: 'timeout', status: 0, retryable: true });
  service.faults = [];
});
