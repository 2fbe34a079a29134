/** What `GET /usage` refuses, in words; and what it does while much is not rolled up yet. */
import t from 'tap';
import type { UsageRequest } from '../../src/domain/ports/usage-store.js';
import { PostgresUsageStore } from '../../src/stores/postgres/readers/usage-store.js';
import { rollUp } from '../readers/roll-up.js';
import { freshPostgres } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(120_000);
const BY =
  'must be one or two different ones of hour, day, month, operation, tier, model, user, with a comma';
const ZONE = 'must be the name of a time zone whose offset is of whole hours, such as Europe/Moscow';
const REFUSED: [query: string, field: string, message: string | RegExp][] = [
  ['by=week', 'by', BY],
  ['by=day,day', 'by', BY],
  ['by=day,user,tier', 'by', 'must be one or two names with a comma between'],
  ['by=', 'by', /must/],
  ['from=2030-01-01T00:30:00Z', 'from', 'must be a whole hour'],
  ['to=2030-01-01T00:00:01Z', 'to', 'must be a whole hour'],
  ['from=yesterday', 'from', /must be a date-time/],
  ['from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z', 'to', 'must not lie before from'],
  ['by=hour&from=2020-01-01T00:00:00Z', 'from', 'must lie at most 400 days before to, by the hour'],
  ['by=hour&from=2025-01-01T00:00:00Z&to=2026-02-06T00:00:00Z', 'from', /at most 400 days/],
  ['timezone=Asia/Kolkata', 'timezone', ZONE],
  ['timezone=Middle/Earth', 'timezone', ZONE],
  ['timezone=%2B03:00', 'timezone', 'must be a time zone’s name, such as Europe/Moscow'],
  ['limit=10001', 'limit', /1 to 10000/],
  ['user=ada', 'user', /must be provider:id/],
  ['cursor=dXNhZ2U6MQ', 'cursor', 'is not a cursor that this list gave'],
  ['week=1', 'week', /./],
];

t.test('each fault is named, with its rule', async (t) => {
  const { call } = await testApp(t);
  for (const [query, field, message] of REFUSED) {
    const { status, body } = await call('GET', `/usage?${query}`);
    t.match({ status, errors: body.errors }, { status: 400, errors: [{ field, message }] }, query);
  }
  t.equal(
    (await call('GET', '/usage?by=day&timezone=Asia/Singapore')).status,
    200,
    'off by halves until 1982',
  );
  const most = 'by=hour&from=2025-01-01T00:00:00Z&to=2026-02-05T00:00:00Z';
  t.equal((await call('GET', `/usage?${most}`)).status, 200, '400 days of hours');
});

t.test('a cursor goes on with the question it was given for', async (t) => {
  const { call } = await testApp(t);
  for (const user of ['web:a', 'web:b']) {
    const body = { user, amount: 5, source: 'promo', reason: 'x' };
    await call('POST', '/tokens/grant', { body, headers: { 'idempotency-key': user } });
  }
  const { body } = await call('GET', '/usage?by=user&limit=1');
  t.equal((await call('GET', `/usage?by=user&limit=5&cursor=${body.nextCursor}`)).body.items.length, 1);
  for (const other of ['by=user,month', 'by=user&user=web:a', 'by=user&to=2029-01-01T00:00:00Z']) {
    const answer = await call('GET', `/usage?${other}&cursor=${body.nextCursor}`);
    t.match(answer, { status: 400, body: { errors: [{ field: 'cursor' }] } }, other);
  }
});

t.test('of users, what is read entry by entry is bounded; 503 while too much is not rolled up', async (t) => {
  const store = await freshPostgres(t);
  const database = await store.open();
  const whole = new PostgresUsageStore(database);
  const usage = { sum: (request: UsageRequest) => whole.sum({ ...request, maxEntries: 3 }) };
  const { call } = await testApp(t, { store, change: () => ({ usage }) });
  const grant = (user: string, key: string) =>
    call('POST', '/tokens/grant', {
      body: { user, amount: 5, source: 'promo', reason: 'x' },
      headers: { 'idempotency-key': key },
    });
  for (const key of ['1', '2', '3', '4']) await grant('web:a', key);
  await grant('web:b', '5');
  const behind = await call('GET', '/usage?by=day');
  t.match(behind, { status: 503, headers: { 'retry-after': /\d/ }, body: { code: 'unavailable' } });
  t.equal((await call('GET', '/usage?by=day&user=web:b')).status, 200, 'of one user all the same');

  await rollUp(database);
  t.equal((await call('GET', '/usage?by=day')).status, 200);
  t.equal((await call('GET', '/usage?by=user')).status, 200, 'whole months are kept');
  t.equal((await call('GET', '/usage?by=day&user=web:b')).status, 200, 'few entries of one user');
  for (const query of ['by=user,day', 'by=user,tier', 'by=user&operation=x', 'by=day&user=web:a']) {
    const { status, body } = await call('GET', `/usage?${query}`);
    const message = /^must lie closer to to: .* more than 1000000$/;
    t.match({ status, body }, { status: 400, body: { errors: [{ field: 'from', message }] } }, query);
  }
});
