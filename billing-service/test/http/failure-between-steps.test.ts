import t from 'tap';
import { UnavailableError } from '../../src/domain/ports/unavailable-error.js';
import { testApp } from '../support/test-app.js';
import { throughLedger } from '../support/through-ledger.js';

const away = async () => {
  throw new UnavailableError('database unavailable');
};

t.test('what a failure between two steps of one call leaves', async (t) => {
  const { call, services } = await testApp(t);
  const { users } = services;
  const user = 'web:between';
  const body = { user, operation: 'chatgpt_message', checkLimits: true };
  const grant = { user, amount: 100, source: 'promo', reason: 'test' };
  await call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': 'start' } });
  const remaining = async () => {
    const peek = { user, operation: 'chatgpt_message', peek: true };
    return (await call('POST', '/limits/check', { body: peek })).body.remaining;
  };
  const whileAway = async (run: () => Promise<{ status: number }>) => {
    const { status } = await throughLedger(services, () => ({ reserve: away }), run);
    return status;
  };

  t.test('a hold that failed after its limits were taken gives the count back', async (t) => {
    for (let i = 0; i < 12; i++) {
      t.equal(await whileAway(() => call('POST', '/tokens/reserve', { body })), 503, 'not 429 in the end');
    }
    t.equal(await remaining(), 10);
  });

  t.test('with a key the count waits for the retry, which counts once', async (t) => {
    const keyed = () => call('POST', '/tokens/reserve', { body, headers: { 'idempotency-key': 'between' } });
    t.equal(await whileAway(keyed), 503);
    t.equal(await remaining(), 9);
    t.equal((await keyed()).status, 201);
    t.equal(await remaining(), 9);
  });

  t.test('a commit is answered also where the tier of its metric cannot be told', async (t) => {
    const { reservationId } = (await call('POST', '/tokens/reserve', { body })).body;
    const { find } = users;
    users.find = away;
    const committed = await call('POST', '/tokens/commit', { body: { reservationId } });
    users.find = find;
    t.match(committed, { status: 200, body: { amount: 5, status: 'committed' } });
  });
});
