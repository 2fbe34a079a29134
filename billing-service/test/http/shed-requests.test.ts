/** What cannot be answered in time is counted once, as what became of it: refused at once, late, or left by its caller. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { until } from '../../../common/test/support/until.js';
import { buildApp } from '../../src/app.js';
import { Metrics } from '../../src/http/metrics.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { PostgresLedger } from '../../src/stores/postgres/ledger/postgres-ledger.js';
import { openSession } from '../support/held-row.js';
import { callService } from '../support/instances.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

/** What those answers say that were shed, and no other. */
const WAS_SHED = /answered in time|no answer in time/;
const USER = 'web:a';
const PATH = '/tokens/grant';

/** A service whose one user's account somebody else can hold. */
async function farebox(t: Test, answerWithinMs: number) {
  const databaseUrl = await createTestDatabase(t);
  const database = openPostgres({ url: databaseUrl, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  const { services } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const metrics = new Metrics();
  const app = await buildApp({ services, metrics, answerWithinMs });
  t.teardown(() => app.close());
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const grant = (signal?: AbortSignal) => {
    const body = { user: USER, amount: 1, source: 'promo', reason: 'test' };
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'idempotency-key': randomUUID() };
    return callService(url, 'POST', PATH, body, headers, signal);
  };
  const shed = async (kind: string): Promise<number> => {
    const line = `farebox_shed_requests_total{route="${PATH}",method="POST",kind="${kind}"} `;
    const lines = (await metrics.registry.metrics()).split('\n');
    return Number(lines.find((one) => one.startsWith(line))?.slice(line.length) ?? 0);
  };
  const { ledger } = services;
  const waiting = () => (ledger instanceof PostgresLedger ? (ledger.load().slow?.waiting ?? 0) : 0);
  t.equal((await grant()).status, 201, 'its account is made');
  const session = await openSession(t, databaseUrl);
  await session.hold(USER);
  return { grant, shed, waiting, session };
}

t.setTimeout(180_000);
t.test('refused and late: as many as were answered so', async (t) => {
  const { grant, shed, session } = await farebox(t, 1_000);
  const answers: ReturnType<typeof grant>[] = [];
  const ask = () => answers[answers.push(grant()) - 1];
  while ((await shed('refused')) === 0 || (await shed('late')) === 0) {
    ask();
    await pause(150);
  }
  await session.release();
  while ((await ask())?.status !== 201) await pause(100);
  const told = await Promise.all(answers);
  const wereShed = told.filter(({ status, text }) => status === 503 && WAS_SHED.test(text)).length;
  t.equal((await shed('refused')) + (await shed('late')), wereShed);
  t.equal(await shed('left'), 0);
});

t.test('left: dropped because its caller had hung up, and not late as well', async (t) => {
  const { grant, shed, waiting } = await farebox(t, 10_000);
  const others: Promise<unknown>[] = [];
  let left = 0;
  // A round is in vain where the lock is given up before the second has come.
  for (; (await shed('left')) === 0; left++) {
    others.push(grant());
    const caller = new AbortController();
    const gone = grant(caller.signal).catch(() => 'gone');
    await until(() => waiting() > 0, { withinMs: 1_000 });
    caller.abort();
    await gone;
    await pause(300);
  }
  await Promise.all(others);
  t.ok((await shed('left')) <= left, 'nobody else');
  t.equal(await shed('late'), 0);
});
