/** The ledger becomes partitions while instances serve that began before it: nobody who calls notices. */
import { randomUUID } from 'node:crypto';
import t, { type Test } from 'tap';
import { until } from '../../../../../common/test/support/until.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { migrate } from '../../../../src/stores/postgres/driver/migrate.js';
import { callService } from '../../../support/instances.js';
import { startService } from '../../../support/start-service.js';
import { ADMIN_KEY, type TestApp, testApp } from '../../../support/test-app.js';
import { BEFORE, everyState, migrationsOfPartitions } from './before-partitions.js';

t.setTimeout(240_000);

const HISTORY = `insert into entries (user_id, kind, amount, balance_after, created_at)
  select (select user_id from user_references where reference = 'web:granted'),
    case i % 2 when 0 then 'grant' else 'adjustment' end, case i % 2 when 0 then 1 else -1 end, 100, now()
  from generate_series(1, $1::integer) i`;

const PARTITIONS = `select relname as name, pg_get_expr(relpartbound, c.oid) as bound
  from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'entries'::regclass order by inhrelid`;

const SUMS = `select count(*) as rows, sum(amount) as amount, max(id) as last, count(distinct id) as ids from entries`;

async function books({ call }: Pick<TestApp, 'call'>, users: string[]) {
  const read = async (path: string) => (await call('GET', path)).body;
  return Promise.all(
    users.map(async (user) => ({
      balance: await read(`/users/${user}/balance`),
      entries: await read(`/users/${user}/entries?limit=100`),
      reservations: await read(`/users/${user}/reservations`),
    })),
  );
}

async function isWhole(t: Test, database: Database, { call }: Pick<TestApp, 'call'>) {
  const audit = await call('GET', '/audit');
  t.same(audit.body.mismatches, []);
  for (const statement of ['update entries set amount = 6', 'delete from entries', 'truncate entries']) {
    await t.rejects(database.query(statement), /only takes inserts/, statement);
  }
  await t.rejects(database.query('truncate entries_0'), /only takes inserts/);
  await t.rejects(database.query('delete from entries_0'), /only takes inserts/);
}

for (const [kind, open] of Object.entries(BEFORE)) {
  t.test(`${kind}: every book is as it was, and goes on`, async (t) => {
    const store = await open(t);
    const database = await store.open();
    const app = await testApp(t, { store });
    const users = await everyState(app);
    await database.query(HISTORY, [10_000]);
    const [booksBefore, sumsBefore] = [await books(app, users), await database.query(SUMS)];
    await migrate(database, { folder: migrationsOfPartitions(t) });
    t.same(await books(app, users), booksBefore);
    t.same(await database.query(SUMS), sumsBefore);
    t.match(await database.query(PARTITIONS), [
      { name: 'entries_0', bound: `FOR VALUES FROM (MINVALUE) TO ('6000000')` },
      { name: 'entries_6000000' },
      { name: 'entries_7000000' },
    ]);
    await isWhole(t, database, app);
    const hold = { user: 'web:granted', operation: 'chatgpt_message' };
    const { reservationId } = (await app.call('POST', '/tokens/reserve', { body: hold })).body;
    t.equal((await app.call('POST', '/tokens/commit', { body: { reservationId } })).status, 200);
    const [charge] = (await app.call('GET', '/users/web:granted/entries')).body.items;
    t.match(charge, { kind: 'charge', reservationId }, 'what comes is listed with what was');
    t.same((await app.call('GET', '/audit')).body.mismatches, []);
  });
}

t.test('under load no request fails, at either of two instances', async (t) => {
  const store = await BEFORE.postgres(t);
  const database = await store.open();
  const before = await testApp(t, { store });
  const users = await everyState(before);
  await database.query(HISTORY, [100_000]);
  const booksBefore = await books(before, users);
  const load = new Load();
  load.add(async (method, url, body, headers) => before.call(method, url, { body, headers }));
  await until(() => load.answered > 200, { everyMs: 20 });

  const next = await startService(t, { DATABASE_URL: store.url, ADMIN_API_KEY: ADMIN_KEY });
  load.add(async (method, url, body, headers) => {
    const answer = await callService(next.url, method, url, body, {
      ...{ ...headers, authorization: `Bearer ${ADMIN_KEY}` },
    });
    return { status: answer.status, text: answer.text, body: JSON.parse(answer.text) };
  });
  await until(() => load.answered > 400, { everyMs: 20 });
  await migrate(database, { folder: migrationsOfPartitions(t) });
  const whenMigrated = load.answered;
  await until(() => load.answered > whenMigrated + 1_000, { everyMs: 20 });
  t.same(await load.end(), [], `${load.answered} calls were answered, ${whenMigrated} of them before`);

  t.same(await books(before, users), booksBefore);
  const [sums] = await database.query<{ rows: number; ids: number }>(SUMS);
  t.equal(sums?.ids, sums?.rows, 'no number was drawn twice');
  await isWhole(t, database, before);
  t.equal((await next.stop()).code, 0);
});

type Send = (
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  body: object | undefined,
  headers: Record<string, string>,
) => Promise<{ status: number; text: string; body: { reservationId?: string } }>;

/** Callers that call, each as soon as its last call was answered; without a second try. */
class Load {
  readonly #failures: string[] = [];
  readonly #callers: Promise<void>[] = [];
  #isOver = false;
  answered = 0;

  add(send: Send): void {
    for (let i = 0; i < 6; i++) this.#callers.push(this.#callFor(`web:load-${this.#callers.length}`, send));
  }

  async end(): Promise<string[]> {
    this.#isOver = true;
    await Promise.all(this.#callers);
    return this.#failures;
  }

  async #callFor(user: string, send: Send): Promise<void> {
    const call = async (wanted: number, method: 'GET' | 'POST' | 'PUT', url: string, body?: object) => {
      const headers: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
      const answer = await send(method, url, body, headers).catch((error: Error) => ({
        ...{ status: 0, text: String(error.cause ?? error), body: { reservationId: '' } },
      }));
      if (answer.status === wanted) this.answered += 1;
      else this.#failures.push(`${method} ${url}: ${answer.status} ${answer.text}`);
      return answer.body;
    };
    for (let n = 0; !this.#isOver; n++) {
      await call(201, 'PUT', `/users/${user}-${n}`, { firstName: 'New' });
      await call(201, 'POST', '/tokens/grant', { user, amount: 20, source: 'promo', reason: 'load' });
      for (const end of ['commit', 'refund']) {
        const hold = { user, operation: 'chatgpt_message', amount: 10 };
        const { reservationId } = await call(201, 'POST', '/tokens/reserve', hold);
        await call(200, 'POST', `/tokens/${end}`, { reservationId });
      }
      await call(200, 'GET', `/users/${user}/entries`);
      await call(200, 'GET', `/users/${user}/balance`);
    }
  }
}
