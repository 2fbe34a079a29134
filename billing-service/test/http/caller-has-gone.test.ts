/** A call whose caller hung up while it waited for its turn is not carried out: nothing of it is in the ledger. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { buildApp } from '../../src/app.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { callService } from '../support/instances.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

const GONE = 'web:gone';
/** So long that nobody is dropped for lack of time. */
const ENOUGH_MS = 60_000;

/** Lets what it guards through only while it is open. */
class Gate {
  held = 0;
  #opened = Promise.resolve();
  #open = () => {};

  close(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    this.held += 1;
    await this.#opened;
    return work();
  }
}

async function farebox(t: Test) {
  const real = openPostgres({
    url: await createTestDatabase(t),
    preparedStatements: usualWay() === 'direct',
    // One transaction at once.
    poolSize: 1,
  });
  t.teardown(() => real.close());
  const gate = new Gate();
  const database: Database = {
    ...real,
    hot: (...statement) => gate.pass(() => real.hot(...statement)),
    transaction: (...work) => gate.pass(() => real.transaction(...work)),
  };
  const { services } = await testApp(t, { store: { kind: 'postgres', open: async () => database } });
  const app = await buildApp({ services, answerWithinMs: ENOUGH_MS });
  t.teardown(() => app.close());
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  let asked = 0;
  const post = (path: string, body: object, signal?: AbortSignal) =>
    callService(
      url,
      'POST',
      path,
      body,
      { authorization: `Bearer ${ADMIN_KEY}`, 'idempotency-key': `${asked++}` },
      signal,
    );
  const grant = (user: string, signal?: AbortSignal) =>
    post('/tokens/grant', { user, amount: 1_000, source: 'promo', reason: 'test' }, signal);
  const reserve = (user: string, signal?: AbortSignal) =>
    post('/tokens/reserve', { user, operation: 'chatgpt_message', amount: 1 }, signal);

  /** Asks, hangs up as soon as the service has read all of it, and returns when the service knows. */
  const askAndLeave = async (ask: (signal: AbortSignal) => Promise<unknown>) => {
    const leave = new AbortController();
    const arrived = new Promise<Socket>((resolve) => {
      app.server.once('request', (request) => request.once('end', () => resolve(request.socket)));
    });
    const answer = ask(leave.signal).then(
      () => 'an answer',
      (error: Error) => error.name,
    );
    const socket = await arrived;
    // No wait lies between the end of its body and the line that it stands in.
    await endOfTurn();
    await endOfTurn();
    const closed = once(socket, 'close');
    leave.abort();
    t.equal(await answer, 'AbortError');
    await closed;
  };
  const rowsOf = async (table: 'entries' | 'reservations' | 'idempotency_keys', user: string) => {
    const text = `select * from ${table} where user_id = (select user_id from user_references where reference = $1)`;
    return (await real.query(text, [user])).length;
  };
  return { gate, grant, reserve, askAndLeave, rowsOf };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

t.setTimeout(120_000);
t.test('a grant that waits for its turn', async (t) => {
  const { gate, grant, askAndLeave, rowsOf } = await farebox(t);
  for (const user of ['web:first', GONE]) await grant(user);
  const before = await rowsOf('entries', GONE);
  gate.close();
  gate.held = 0;
  const first = grant('web:first');
  await until(() => gate.held === 1);
  await askAndLeave((signal) => grant(GONE, signal));
  t.equal(gate.held, 1, 'it waited');
  gate.open();
  await first;
  // Behind it in the same line: when this is done, its turn has come and gone.
  t.equal((await grant('web:last')).status, 201);
  t.equal(await rowsOf('entries', GONE), before);
  t.equal(await rowsOf('idempotency_keys', GONE), 1, 'that of the first grant');
});

t.test('a reserve that waits for the next statement', async (t) => {
  const { gate, grant, reserve, askAndLeave, rowsOf } = await farebox(t);
  const others = ['web:a', 'web:b', 'web:c'];
  for (const user of [GONE, ...others]) await grant(user);
  gate.close();
  gate.held = 0;
  // Two statements may be on their way, and one more when the first of them is flown past.
  const stuck: Promise<unknown>[] = [];
  for (const [i, user] of others.entries()) {
    stuck.push(reserve(user));
    await until(() => gate.held === i + 1);
  }
  await askAndLeave((signal) => reserve(GONE, signal));
  t.equal(gate.held, 3, 'it waited');
  gate.open();
  await Promise.all(stuck);
  t.equal((await reserve('web:a')).status, 201);
  t.equal(await rowsOf('reservations', GONE), 0);
  t.equal(await rowsOf('idempotency_keys', GONE), 1, 'that of its grant');
  // The same user, still there, is served.
  t.equal((await reserve(GONE)).status, 201);
  t.equal(await rowsOf('reservations', GONE), 1);
});
