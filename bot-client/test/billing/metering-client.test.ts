/** withTokens against the real service, through a gate that makes trouble. */
import t, { type Test } from 'tap';
import { until } from '../../../common/test/support/until.js';
import {
  BillingClient,
  BillingError,
  MemoryWorkLog,
  MeteringClient,
  WorkFailed,
} from '../../src/billing/index.js';
import { Gate } from '../support/gate.js';
import { testService } from '../support/test-service.js';

const service = await testService();
const gate = await new Gate(service.url).start();
const billing = new BillingClient({ url: gate.url, apiKey: service.botKey, random: () => 0 });
t.teardown(async () => {
  await billing.close();
  await gate.stop();
});
let serial = 0;
async function rich(t: Test): Promise<{ user: string; log: MemoryWorkLog; metering: MeteringClient }> {
  const user = `web:u${serial++}`;
  await service.give(user, 100);
  gate.calm();
  gate.passed.length = 0;
  const log = new MemoryWorkLog();
  const metering = new MeteringClient(billing, log);
  t.teardown(() => metering.stop());
  return { user, log, metering };
}
const balance = (user: string) => service.balance(user);

t.test('delivered work is charged once, at its own cost', async (t) => {
  const { user, log, metering } = await rich(t);
  const done = await metering.withTokens(user, 'chatgpt_message', async () => ({ value: 'hi', cost: 3 }));
  t.match(done, { value: 'hi', cost: 3 });
  t.same(await balance(user), { available: 97, reserved: 0, total: 97 });
  t.same(log.open(), []);
});

t.test('failed or cancelled work costs nothing', async (t) => {
  const { user, metering } = await rich(t);
  const failing = metering.withTokens(user, 'chatgpt_message', async () => {
    throw new Error('no luck');
  });
  await t.rejects(failing, { name: 'WorkFailed', balance: { available: 100 } });
  const stop = new AbortController();
  stop.abort();
  const cancelled = metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), {
    signal: stop.signal,
  });
  await t.rejects(cancelled, WorkFailed);
  t.same(await balance(user), { available: 100, reserved: 0, total: 100 });
});

t.test('a lost answer to reserve, commit or refund changes nothing of the result', async (t) => {
  for (const path of [/reserve/, /commit/]) {
    const { user, metering } = await rich(t);
    gate.order({ path, kind: 'lose-reply', times: 2 });
    await metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }));
    t.same(await balance(user), { available: 95, reserved: 0, total: 95 }, String(path));
  }
  const { user, metering } = await rich(t);
  gate.order({ path: /refund/, kind: 'lose-reply', times: 2 });
  await t.rejects(
    metering.withTokens(user, 'chatgpt_message', () => Promise.reject(new Error('x'))),
    WorkFailed,
  );
  t.same(await balance(user), { available: 100, reserved: 0, total: 100 });
});

t.test('one key for all tries of a call, and a refusal is not tried again', async (t) => {
  const { user, metering } = await rich(t);
  gate.order({ path: /reserve/, kind: 'status', times: 2 });
  await metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), { key: 'k-1' });
  t.same(
    gate.calls(/reserve/).map((call) => call.key),
    ['k-1', 'k-1', 'k-1'],
  );
  gate.passed.length = 0;
  const poor = metering.withTokens('web:poor', 'chatgpt_message', async () => ({ value: 1 }));
  await t.rejects(poor, { code: 'insufficient-tokens', status: 402, retryable: false, requestId: /./ });
  t.equal(gate.passed.length, 1);
});

t.test('the same key again, at once or later, charges nothing twice', async (t) => {
  const { user, metering } = await rich(t);
  const again = () =>
    metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), { key: 'k-2' });
  await Promise.allSettled([again(), again(), again()]);
  await Promise.allSettled([again()]);
  t.same(await balance(user), { available: 95, reserved: 0, total: 95 });
});

t.test('work that takes longer than its hold keeps it, by itself', async (t) => {
  const { user, metering } = await rich(t);
  const extended = () => gate.calls(/extend/).filter((call) => call.status === 200).length;
  const done = await metering.withTokens(
    user,
    'image_generation',
    async () => {
      // Three times most of the hold's life goes by; without an extension the first would be its end.
      for (let round = 0; round < 3; round++) {
        await service.admin.advance(200);
        const seen = extended();
        // Two: the first may have been on its way while the clock moved.
        while (extended() < seen + 2) await new Promise((done) => setTimeout(done, 5));
      }
      return { value: 'long' };
    },
    { ttlSeconds: 300, extendEveryMs: 20 },
  );
  t.equal(done.value, 'long');
  const charge = await service.billing.reservation(done.reservation.reservationId);
  t.match(charge, { status: 'committed', charged: 10, late: false });
  t.same(await balance(user), { available: 90, reserved: 0, total: 90 });
});

t.test('a service away at commit is charged later; away at refund, given back later', async (t) => {
  const { user, log, metering } = await rich(t);
  gate.order({ path: /commit|refund/, kind: 'status', times: 4 });
  await metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }));
  t.equal(log.open()[0]?.state, 'delivered');
  await metering.recover();
  t.same(await balance(user), { available: 95, reserved: 0, total: 95 });
  gate.order({ path: /commit|refund/, kind: 'status', times: 4 });
  const failed = metering.withTokens(user, 'chatgpt_message', () => Promise.reject(new Error('x')));
  await t.rejects(failed, WorkFailed);
  await metering.recover();
  t.same(await balance(user), { available: 95, reserved: 0, total: 95 });
});

t.test('two recoveries at once settle each piece of work once, and tell of it once', async (t) => {
  const { user, log } = await rich(t);
  const told: string[] = [];
  const metering = new MeteringClient(billing, log, ({ key }) => told.push(key));
  t.teardown(() => metering.stop());
  gate.order({ path: /commit/, kind: 'status', times: 4 });
  await metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), { key: 'owed' });
  gate.passed.length = 0;
  gate.order({ path: /commit/, kind: 'slow', delayMs: 50 });
  await Promise.all([metering.recover(), metering.recover()]);
  t.same(told, ['owed']);
  t.equal(gate.calls(/commit/).length, 1);
  t.same(log.open(), []);
});

t.test(
  'a metering client that was stopped sends nothing more; what is owed stays for the next start',
  async (t) => {
    const { user, log, metering } = await rich(t);
    gate.order({ path: /commit/, kind: 'status', times: 8 });
    const owe = (key: string) =>
      metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 }), { key });
    await Promise.all([owe('owed 1'), owe('owed 2')]);
    const [, second] = log.open().map((record) => record.key);
    t.ok(second);
    gate.passed.length = 0;
    gate.order({ path: /commit/, kind: 'slow', delayMs: 100 });
    const recovering = metering.recover();
    while (gate.calls(/commit/).length === 0) await new Promise((done) => setTimeout(done, 5));
    metering.stop();
    await recovering;
    t.equal(gate.calls(/commit/).length, 1);
    // Another client begins its pause before the next try later: when it has tried, this one would have.
    const witness = await rich(t);
    gate.order({ path: /commit/, kind: 'status', times: 4 });
    await witness.metering.withTokens(witness.user, 'chatgpt_message', async () => ({ value: 1 }));
    t.equal(witness.log.open().length, 1);
    t.ok(await until(() => witness.log.open().length === 0), 'another client tries again');
    t.equal(gate.calls(/commit/).length, 5, 'four in vain and one more, all of the other client');
    t.same(
      log.open().map((record) => record.key),
      [second],
    );
  },
);

t.test('a hold nobody heard of is found and given back', async (t) => {
  const { user, log, metering } = await rich(t);
  gate.order({ path: /reserve/, kind: 'lose-reply', times: 4 });
  await t.rejects(
    metering.withTokens(user, 'chatgpt_message', async () => ({ value: 1 })),
    BillingError,
  );
  t.equal((await balance(user)).reserved, 5, 'the service holds tokens the bot does not know of');
  t.equal(log.open()[0]?.state, 'planned');
  await metering.recover();
  t.same(await balance(user), { available: 100, reserved: 0, total: 100 });
});

t.test('a service that hangs is given up on at the deadline', async (t) => {
  const hasty = new BillingClient({ url: gate.url, apiKey: service.botKey, deadlineMs: 100, attempts: 2 });
  gate.order({ path: /balance/, kind: 'hang', times: 2 });
  await t.rejects(hasty.balance('web:u0'), { code: 'timeout', status: 0, retryable: true });
  await hasty.close();
});
