/** A database that takes connections and never answers: what a frozen server and a broken network look like. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { AT_ONCE, turnsOf } from '../../../common/test/support/turns-of.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { cableTo } from '../support/cut-cable.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

const PROMISED_MS = 5_000;
const RESERVES = 6_000;
const USER = 'web:a';
const GRANT = { user: USER, amount: 1_000_000, source: 'promo', reason: 'test' };
const HOLD = { user: USER, operation: 'chatgpt_message', amount: 1 };

interface Answer {
  status: number;
  isDated: boolean;
  ms: number;
}

async function farebox(t: Test) {
  const cable = await cableTo(t, await createTestDatabase(t));
  const database = openPostgres({ url: cable.url, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  const { call } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const post = async (path: string, body: object): Promise<Answer> => {
    const startedAt = performance.now();
    const { status, headers } = await call('POST', path, {
      body,
      headers: { 'idempotency-key': `${path} ${Math.random()}` },
    });
    const isDated = /^\d+$/.test(String(headers['retry-after']));
    return { status, isDated, ms: performance.now() - startedAt };
  };
  t.equal((await post('/tokens/grant', GRANT)).status, 201);
  return { cable, post };
}

const many = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));

/** `machineMs`: what it takes this process, which sends and serves, to do as much with a database that answers. */
function allRefusedInTime(t: Test, answers: readonly Answer[], what: string, machineMs = 0): void {
  const ms = Math.max(...answers.map((answer) => answer.ms));
  const areRefused = answers.every(({ status, isDated }) => status === 503 && isDated);
  t.ok(areRefused, `${what}: 503 with Retry-After`);
  t.ok(ms <= PROMISED_MS + machineMs, `${what}: the last after ${Math.round(ms)} ms`);
}

t.setTimeout(180_000);
t.test('each of 6 slow calls of one account is answered within 5 s', async (t) => {
  const { cable, post } = await farebox(t);
  cable.hang();
  allRefusedInTime(t, await many(6, () => post('/tokens/grant', GRANT)), '6 grants');
  cable.mend();
});

t.test('each of 6,000 reserves is answered within 5 s; mended, all goes on', async (t) => {
  const { cable, post } = await farebox(t);
  const reserve = () => post('/tokens/reserve', HOLD);
  const startedAt = performance.now();
  await many(RESERVES, reserve);
  const machineMs = performance.now() - startedAt;
  cable.hang();
  allRefusedInTime(t, await many(RESERVES, reserve), '6,000 reserves', machineMs);
  cable.mend();
  while ((await reserve()).status !== 201) await sleep(100);
});

t.test('what cannot be served in time is told so at once', async (t) => {
  const { cable, post } = await farebox(t);
  const reserve = () => post('/tokens/reserve', HOLD);
  cable.hang();
  const stuck: Promise<Answer>[] = [];
  for (let i = 0; i < 6; i++) {
    stuck.push(reserve(), post('/tokens/grant', GRANT));
    await sleep(350);
  }
  const [late, turns] = await turnsOf(reserve());
  allRefusedInTime(t, [late], 'a reserve that comes late');
  t.ok(turns < AT_ONCE, `it did not wait for the others: ${turns} turns`);
  allRefusedInTime(t, await Promise.all(stuck), 'those before it');
  cable.mend();
});
