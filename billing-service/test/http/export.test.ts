/** The exports: all that is kept, oldest first, in one snapshot, as NDJSON and as CSV. */
import t, { type Test } from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';
import { parseCsv } from './parse-csv.js';

t.setTimeout(240_000);
const TABLES = ['users', 'entries', 'reservations', 'payments', 'audit-log'];
const USERS = ['telegram:1', 'web:ada'];

const ofLine = (line: string): Json => JSON.parse(line);
const linesOf = (text: string): Json[] => text.split('\n').slice(0, -1).map(ofLine);

async function exported({ call }: TestApp, table: string, query = ''): Promise<Json[]> {
  const { status, text } = await call('GET', `/export/${table}?${query}`);
  if (status !== 200) throw new Error(text);
  return linesOf(text);
}

/** Some of everything. */
async function live({ call }: TestApp): Promise<void> {
  const keyed = { headers: { 'idempotency-key': 'k' } };
  for (const [i, user] of USERS.entries()) {
    await call('PUT', `/users/${user}`, { body: { username: `=1+${i}`, firstName: 'Anna, "the first"' } });
    await call('POST', '/tokens/grant', {
      body: { user, amount: 100, source: 'promo', reason: 'hi' },
      ...keyed,
    });
    const body = { user, operation: 'chatgpt_message', model: 'gpt-5', metadata: { chat: 'a,b' } };
    const held = await call('POST', '/tokens/reserve', { body });
    await call('POST', '/tokens/commit', { body: { reservationId: held.body.reservationId, amount: 2 } });
    await call('POST', '/tokens/reserve', { body });
    const product = i === 0 ? { tier: 'professional', months: 2 } : { tokens: 50 };
    await call('POST', '/payments', {
      body: { provider: 'test', paymentId: `p${i}`, user, product, currency: 'XTR', amount: 5 },
    });
  }
  await call('POST', `/users/${USERS[0]}/references`, { body: { reference: 'web:another' } });
}

async function areAsLists(t: Test, app: TestApp): Promise<void> {
  const { call } = app;
  const list = async (path: string): Promise<Json[]> =>
    (await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=100`)).body.items.reverse();
  const counted = { tier: 'gift', model: null };
  const found = await exported(app, 'entries');
  for (const user of USERS) {
    const own = found.filter((entry) => entry.user === user);
    t.strictSame(
      own.map(({ user: _, tier: __, model: ___, ...entry }) => entry),
      await list(`/users/${user}/entries`),
      `entries of ${user}`,
    );
    t.match(
      own.find(({ kind }) => kind === 'charge'),
      { tier: 'gift', model: 'gpt-5' },
    );
    t.match(own[0], counted);
    const held = (await exported(app, 'reservations')).filter((one) => one.user === user);
    t.strictSame(
      held.map(({ tier: _, model: __, ...one }) => one),
      (await list(`/users/${user}/reservations`)).map(
        ({ balance: _, affordable: __, receipt: ___, ...one }) => one,
      ),
      `reservations of ${user}`,
    );
  }
  t.strictSame(
    found.map(({ id }) => Number(id)),
    found.map(({ id }) => Number(id)).sort((a, b) => a - b),
    'entries are in the order in which they were written',
  );
  t.strictSame(await exported(app, 'payments'), await list('/payments'), 'payments');
  t.strictSame(await exported(app, 'audit-log'), await list('/audit-log'), 'audit log');
  const users = await exported(app, 'users');
  for (const [i, line] of users.entries()) {
    const user = (await call('GET', `/users/${USERS[i]}`)).body;
    const balance = (await call('GET', `/users/${USERS[i]}/balance`)).body;
    const { blocked: _, overrides: __, ...known } = user;
    t.strictSame(
      { ...line },
      {
        ...known,
        periodEnd: balance.renewsAt,
        paidUntil: balance.paidUntil,
        tokensBalance: balance.total,
        tokensSpent: balance.spent,
      },
      `${USERS[i]}`,
    );
  }
  t.equal(users.length, USERS.length);
}

async function csvTellsTheSame(t: Test, app: TestApp): Promise<void> {
  for (const table of TABLES) {
    const { text, headers } = await app.call('GET', `/export/${table}?format=csv`);
    t.match(headers, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${table}.csv"`,
    });
    const [head = [], ...rows] = parseCsv(text);
    const lines = await exported(app, table);
    t.equal(rows.length, lines.length, table);
    for (const [i, row] of rows.entries()) {
      for (const [j, name] of head.entries()) {
        const value = lines[i][name];
        const wanted =
          value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
        const isFormula = typeof value === 'string' && /^[=+\-@\t\r]/.test(value);
        t.equal(row[j], isFormula ? `'${wanted}` : wanted, `${table} ${name}`);
      }
    }
    t.strictSame([...head].sort(), Object.keys(lines[0]).sort(), `${table}: every member has its column`);
  }
  const { text } = await app.call('GET', '/export/users?format=csv');
  t.match(text, ",'=1+0,", 'a name that is a formula is none any more');
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const app = await testApp(t, { store });
    const { call, services, clock } = app;

    await t.test('nothing there: nothing comes, and a CSV has its header', async (t) => {
      for (const table of TABLES) {
        const empty = await call('GET', `/export/${table}`);
        t.match(empty, { status: 200, text: '', headers: { 'content-type': 'application/x-ndjson' } });
        t.match((await call('GET', `/export/${table}?format=csv`)).text, /^[\w,]+\r\n$/);
      }
    });

    await t.test('each table as the lists show it, oldest first', async (t) => {
      await live(app);
      await areAsLists(t, app);
    });

    await t.test('CSV tells the same, for any reader of RFC 4180, and nothing in it is a formula', (t) =>
      csvTellsTheSame(t, app),
    );

    await t.test('from and to', async (t) => {
      const moment = new Date(clock.now() + 3_600_000).toISOString();
      clock.offsetMs += 7_200_000;
      await call('PUT', '/users/web:late', { body: {} });
      const names = async (query: string) => (await exported(app, 'users', query)).map(({ user }) => user);
      t.strictSame(await names(`from=${moment}`), ['web:late']);
      t.strictSame(await names(`to=${moment}`), USERS);
      t.strictSame(await names(`from=${moment}&to=${moment}`), []);
      const bad = await call('GET', '/export/users?from=yesterday');
      t.match(bad, { status: 400, body: { errors: [{ field: 'from' }] } });
    });

    await t.test('an unknown table is 404, an unknown format 400', async (t) => {
      t.match(await call('GET', '/export/secrets'), { status: 404, body: { code: 'not-found' } });
      const bad = await call('GET', '/export/users?format=xml');
      t.match(bad, { status: 400, body: { errors: [{ field: 'format' }] } });
    });

    await t.test('one snapshot: what is written while somebody reads is not in it', async (t) => {
      const many = Array.from({ length: 1_200 }, (_, i) => `load:${i}`);
      await Promise.all(many.map((user) => services.users.ensure(user)));
      const before = await exported(app, 'users');
      const seen: string[] = [];
      for await (const page of services.exports.pages('users', { from: undefined, to: undefined })) {
        if (seen.length === 0) {
          await call('PUT', '/users/web:meanwhile', { body: {} });
          await call('POST', '/tokens/grant', {
            body: { user: 'load:1199', amount: 9, source: 'promo', reason: 'x' },
            headers: { 'idempotency-key': 'meanwhile' },
          });
        }
        seen.push(...page.map(({ references, total }) => `${references[0]} ${total}`));
      }
      t.strictSame(
        seen,
        before.map((line) => `${line.user} ${line.tokensBalance}`),
      );
      t.equal((await exported(app, 'users')).length, before.length + 1);
    });

    await t.test('who stops reading frees the connection', async (t) => {
      for (let i = 0; i < 5; i++) {
        for await (const page of services.exports.pages('users', { from: undefined, to: undefined })) {
          t.ok(page.length > 0);
          break;
        }
      }
      const database = await store.open();
      t.strictSame(
        await database.query("select name from pg_cursors where name <> ''"),
        [],
        'no cursor is left',
      );
      const left = `select from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()`;
      t.strictSame(await database.query(left), [], 'nor a transaction');
    });
  });
}
