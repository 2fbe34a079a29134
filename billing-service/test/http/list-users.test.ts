import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call, keyWith, clock } = await testApp(t, { store });
    const put = (user: string, body: object = {}) =>
      call('PUT', `/users/${encodeURIComponent(user)}`, { body });
    await put('telegram:1001', { username: 'Ada_L', firstName: 'Ada' });
    await put('telegram:1002', { username: 'boris', firstName: 'Борис' });
    await put('web:1003', { username: '100%', firstName: 'БОРЯ' });
    await put('web:ABC', { firstName: 'a_b' });
    await call('POST', '/users/web:1003/references', { body: { reference: 'line:XyZ' } });

    const find = async (search: string, more = ''): Promise<string[]> => {
      const answer = await call('GET', `/users?search=${encodeURIComponent(search)}${more}`);
      t.equal(answer.status, 200, search);
      return answer.body.items.map((item: Json) => item.user);
    };

    t.test('all, newest first, each as GET /users/{user} tells it, with the balance', async (t) => {
      const { body } = await call('GET', '/users');
      t.same(
        body.items.map((item: Json) => item.user),
        ['web:ABC', 'web:1003', 'telegram:1002', 'telegram:1001'],
      );
      for (const { balance, ...item } of body.items) {
        t.strictSame(item, (await call('GET', `/users/${item.user}`)).body);
        const { available, reserved, total } = (await call('GET', `/users/${item.user}/balance`)).body;
        t.strictSame(balance, { available, reserved, total });
      }
    });

    t.test(
      'by what a reference, its part after the colon, a username or a first name begins with',
      async (t) => {
        t.same(await find('telegram:10'), ['telegram:1002', 'telegram:1001']);
        t.same(await find('100'), ['web:1003', 'telegram:1002', 'telegram:1001']);
        t.same(await find('line:'), ['web:1003'], 'any of the references, named by the oldest');
        t.same(await find('ada'), ['telegram:1001']);
        t.same(await find('oris'), [], 'not by what is within');
      },
    );

    t.test('whatever the case, in any script; and as text, not as a pattern', async (t) => {
      t.same(await find('TELEGRAM:1001'), ['telegram:1001']);
      t.same(await find('xyz'), ['web:1003']);
      t.same(await find('abc'), ['web:ABC']);
      for (const search of ['бор', 'Бор', 'БОР'])
        t.same(await find(search), ['web:1003', 'telegram:1002'], search);
      t.same(await find('100%'), ['web:1003']);
      t.same(await find('a_b'), ['web:ABC']);
    });

    t.test('by tier, and page by page', async (t) => {
      await call('PUT', '/users/web:ABC/tier', { body: { tier: 'business' } });
      t.same(await find('ab', '&tier=business'), ['web:ABC']);
      t.same(await find('ab', '&tier=gift'), []);
      const pages: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await call('GET', `/users?tier=gift&limit=1${cursor}`);
        pages.push(...body.items.map((item: Json) => item.user));
        if (!body.nextCursor) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      t.same(pages, ['web:1003', 'telegram:1002', 'telegram:1001']);
      t.same((await call('GET', '/users?tier=nobody-is-on-it')).body, { items: [] });
      clock.offsetMs += 40 * 86_400_000;
      const [lapsed] = (await call('GET', '/users?search=ab')).body.items;
      t.match(lapsed, { user: 'web:ABC', tier: 'gift' }, 'a tier that is over is not shown');
      t.same((await call('GET', '/users?tier=business')).body.items, []);
    });

    t.test('scopes; and what is no search', async (t) => {
      for (const scope of ['users', 'support'] as const)
        t.equal((await call('GET', '/users', { key: await keyWith(scope) })).status, 200, scope);
      t.equal((await call('GET', '/users', { key: await keyWith('tokens') })).status, 403);
      for (const query of ['search=a', `search=${'a'.repeat(129)}`, 'search=a%00', 'tier=A', 'cursor=x']) {
        const answer = await call('GET', `/users?${query}`);
        t.match(answer, { status: 400, body: { errors: [{ field: query.split('=')[0] }] } }, query);
      }
    });
  });
}
