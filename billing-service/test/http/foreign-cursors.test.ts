/** A cursor goes on with the list that gave it. Anywhere else it would show some page from the middle: it is refused. */
import t from 'tap';
import { routes } from '../../src/http/routes.js';
import { type Json, testApp } from '../support/test-app.js';

/** Lists that differ in path, user or filter, each with two items or more. */
const LISTS = [
  '/tiers',
  '/operations',
  '/packs',
  '/api-keys',
  '/users',
  '/users?search=web',
  '/payments',
  '/payments?provider=card',
  '/payments?user=web:a',
  '/payments?user=web:b',
  '/payments?user=web:b&provider=card',
  '/users/web:a/entries',
  '/users/web:a/entries?kind=grant',
  '/users/web:b/entries',
  '/users/web:a/reservations',
  '/users/web:a/reservations?status=open',
  '/users/web:b/reservations',
];
/** Of users who do not exist. */
const EMPTY = ['/payments?user=web:nobody', '/users/web:nobody/entries', '/users/web:nobody/reservations'];

t.test('a cursor is good for the list that gave it, and 400 for every other', async (t) => {
  const { call, services, keyWith } = await testApp(t);
  for (const _ of 'ab') await keyWith('tokens');
  for (const user of ['web:a', 'web:b']) {
    for (const id of ['1', '2']) {
      const body = { user, provider: 'card', paymentId: `${user}-${id}`, currency: 'XTR', amount: 1 };
      await call('POST', '/payments', { body: { ...body, product: { tokens: 50 } } });
      await call('POST', '/tokens/reserve', { body: { user, operation: 'chatgpt_message' } });
    }
  }
  const page = (list: string, query: string) =>
    call('GET', `${list}${list.includes('?') ? '&' : '?'}${query}`);
  /** Lists that this page does not know yet. */
  const others = routes(services)
    .filter(takesCursor)
    .map(({ url }) => url.replace(/:\w+/, 'web:a'))
    .filter((list) => !LISTS.includes(list));
  const cursors = new Map<string, string>();
  for (const list of LISTS) {
    const { body } = await page(list, 'limit=1');
    t.type(body.nextCursor, 'string', `${list} has more than one item`);
    cursors.set(list, body.nextCursor);
  }
  for (const [giver, cursor] of cursors) {
    for (const list of new Set([...LISTS, ...EMPTY])) {
      const { status, body } = await page(list, `cursor=${cursor}`);
      if (list === giver) t.equal(status, 200, list);
      else t.match({ status, body }, refused, `${giver} → ${list}`);
    }
    for (const list of others) {
      t.ok((await page(list, `cursor=${cursor}`)).status >= 400, `${giver} → ${list}`);
    }
  }
});

const refused = {
  status: 400,
  body: { errors: [{ field: 'cursor', message: 'is not a cursor that this list gave' }] },
};

const takesCursor = ({ schema }: { schema?: Json }): boolean =>
  'cursor' in (schema?.querystring?.properties ?? {});
