import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call, keyWith, clock, services } = await testApp(t, { store });
    const other = await testApp(t, { store });
    const audit = async () => (await call('GET', '/audit')).body.accounts as number;

    t.test('PUT makes a user on gift (201), then changes only what it names (200)', async (t) => {
      const made = await call('PUT', '/users/telegram:1', { body: { username: 'ada', locale: 'en' } });
      t.equal(made.status, 201);
      t.match(made.body, {
        user: 'telegram:1',
        references: ['telegram:1'],
        username: 'ada',
        firstName: null,
        locale: 'en',
        tier: 'gift',
        channelSubscribedAt: null,
        createdAt: /^\d{4}-.*\.\d{3}Z$/,
      });
      const changed = await call('PUT', '/users/telegram:1', { body: { firstName: 'Ada', locale: null } });
      t.equal(changed.status, 200);
      t.strictSame(changed.body, { ...made.body, firstName: 'Ada', locale: null });
      t.strictSame((await call('GET', '/users/telegram:1')).body, changed.body);
      t.equal((await call('PUT', '/users/telegram:1', { body: {} })).text, changed.text);
    });

    t.test('50 first calls of one user over two instances make one', async (t) => {
      const before = await audit();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          (i % 2 ? call : other.call)('PUT', '/users/web:crowd', { body: {} }),
        ),
      );
      t.equal(answers.filter((answer) => answer.status === 201).length, 1);
      t.equal(new Set(answers.map((answer) => answer.text)).size, 1);
      t.equal((await audit()) - before, 1);
    });

    t.test('GET of an unknown user is 404 and makes nobody', async (t) => {
      const before = await audit();
      for (const path of ['', '/entries', '/reservations', '/balance']) {
        const answer = await call('GET', `/users/web:nobody${path}`);
        t.equal(answer.status, 404, path);
        t.equal(answer.body.code, 'unknown-user');
      }
      t.equal(await audit(), before);
    });

    t.test('a tier whose time is over is not read any more', async (t) => {
      await call('PUT', '/users/web:lapse/tier', { body: { tier: 'business' } });
      t.equal((await call('GET', '/users/web:lapse')).body.tier, 'business');
      clock.offsetMs += 32 * 86_400_000;
      t.equal((await call('GET', '/users/web:lapse')).body.tier, 'gift');
      t.equal((await services.users.find('web:lapse'))?.tier, 'gift');
    });

    t.test('scopes: reads by users or tokens, writes by users', async (t) => {
      const [tokens, users, limits] = [
        await keyWith('tokens'),
        await keyWith('users'),
        await keyWith('limits'),
      ];
      t.equal((await call('GET', '/users/telegram:1', { key: tokens })).status, 200);
      t.equal((await call('GET', '/users/telegram:1', { key: users })).status, 200);
      t.equal((await call('GET', '/users/telegram:1', { key: limits })).status, 403);
      t.equal((await call('PUT', '/users/telegram:1', { key: users, body: {} })).status, 200);
      t.equal((await call('PUT', '/users/telegram:1', { key: tokens, body: {} })).status, 403);
      const body = { reference: 'web:new' };
      t.equal((await call('POST', '/users/telegram:1/references', { key: tokens, body })).status, 403);
    });

    t.test('what is no reference, and what is no text, is 400 and named', async (t) => {
      for (const reference of [
        'x',
        'Telegram:1',
        'web:',
        'web:a b',
        `web:${'x'.repeat(125)}`,
        'web:\u0000',
      ]) {
        const path = `/users/${encodeURIComponent(reference)}`;
        t.equal((await call('PUT', path, { body: {} })).status, 400, JSON.stringify(reference));
        const named = await call('POST', '/users/telegram:1/references', { body: { reference } });
        t.match(named, { status: 400, body: { errors: [{ field: 'reference' }] } });
      }
      t.equal(
        (await call('PUT', `/users/web:${'я'.repeat(124)}`, { body: {} })).status,
        201,
        '128 characters',
      );
      for (const [field, value] of [
        ['username', 1],
        ['firstName', 'x'.repeat(256)],
        ['locale', 'a\u0000'],
        ['tier', 'business'],
      ]) {
        const answer = await call('PUT', '/users/telegram:1', { body: { [field as string]: value } });
        t.match(answer, { status: 400, body: { errors: [{ field }] } });
      }
    });
  });
}
