/** DELETE /users/{user}/references/{reference}: the name goes, the user and the tokens stay. */
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(240_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call } = await testApp(t, { store });
    const other = await testApp(t, { store });
    const namesOf = async (user: string) => (await call('GET', `/users/${user}`)).body.references;
    const add = (user: string, reference: string) =>
      call('POST', `/users/${user}/references`, { body: { reference } });
    const remove = (user: string, reference: string) =>
      call('DELETE', `/users/${user}/references/${encodeURIComponent(reference)}`);

    t.test(
      'the name is gone, also where it was in memory, and names a new user; the tokens stay',
      async (t) => {
        await call('POST', '/tokens/grant', {
          body: { user: 'web:a', amount: 30, source: 'promo', reason: 'test' },
          headers: { 'idempotency-key': 'a' },
        });
        await add('web:a', 'chat:a/1');
        for (const app of [call, other.call])
          t.equal((await app('GET', '/users/chat:a%2F1/balance')).body.available, 30);
        t.equal((await remove('chat:a/1'.replace('/', '%2F'), 'chat:a/1')).status, 204, 'by that very name');
        t.equal((await call('GET', '/users/chat:a%2F1')).status, 404);
        await until(async () => (await other.call('GET', '/users/chat:a%2F1')).status === 404);
        t.strictSame(await namesOf('web:a'), ['web:a']);
        t.equal((await call('GET', '/users/web:a/balance')).body.available, 30);
        t.equal((await add('web:b', 'chat:a/1')).status, 201, 'another user may have it');
        t.equal((await call('GET', '/users/chat:a%2F1/balance')).body.available, 0);
      },
    );

    t.test('what cannot be: the last name, one of somebody else, of nobody', async (t) => {
      t.match(await remove('web:a', 'web:a'), { status: 409, body: { code: 'last-reference' } });
      t.match(await remove('web:a', 'web:b'), { status: 404, body: { code: 'unknown-reference' } });
      t.match(await remove('web:nobody', 'web:b'), { status: 404, body: { code: 'unknown-user' } });
      t.match(await remove('web:a', 'nonsense'), { status: 400, body: { errors: [{ field: 'reference' }] } });
      t.strictSame([await namesOf('web:a'), await namesOf('web:b')], [['web:a'], ['web:b', 'chat:a/1']]);
    });

    t.test('all names at once: one stays, however many are taken at the same moment', async (t) => {
      const names = Array.from({ length: 8 }, (_, i) => `race:${i}`);
      for (const name of names.slice(1)) await add('race:0', name);
      const answers = await Promise.all(
        names.map((name, i) =>
          (i % 2 ? call : other.call)('DELETE', `/users/race:0/references/${encodeURIComponent(name)}`),
        ),
      );
      const done = answers.filter(({ status }) => status === 204).length;
      t.ok(done <= 7);
      const { items } = (await call('GET', '/users?search=race:')).body;
      t.equal(items.length, 1, 'the user is still there');
      t.equal(items[0].references.length, 8 - done);
    });
  });
}
