import t from 'tap';
import { desk, shown } from './desk.js';

t.setTimeout(120_000);

const { call, admin } = await desk(t);
const USER = '/console/users/telegram%3A7';
const names = async (user = 'telegram:7') => (await call('GET', `/users/${user}`)).body.references;

t.test('a reference is added and removed: shown first, and the last one has no form', async (t) => {
  const [add, remove] = [`${USER}/references/add`, `${USER}/references/remove`];
  t.notMatch((await admin.get(USER)).text, `action="${remove}"`);
  const wish = { reference: 'web:ada', reason: 'the same person' };
  const preview = await admin.submit(await admin.get(USER), add, wish);
  t.match(shown(preview), 'References telegram:7 → telegram:7, web:ada');
  t.strictSame(await names(), ['telegram:7']);
  t.equal((await admin.submit(preview, add)).headers.location, `${USER}?done=referenceAdded`);
  t.strictSame(await names(), ['telegram:7', 'web:ada']);
  const form = { reference: 'telegram:7', reason: 'a lost phone' };
  const warning = await admin.submit(await admin.get(USER), remove, form);
  t.match(shown(warning), 'References telegram:7, web:ada → web:ada');
  const gone = await admin.submit(warning, remove);
  t.equal(gone.headers.location, '/console/users/web%3Aada?done=referenceRemoved', 'where the user is now');
  t.equal((await admin.submit(warning, remove)).headers.location, gone.headers.location, 'a second click');
  t.strictSame(await names('web:ada'), ['web:ada']);
  const [line] = (await call('GET', '/audit-log?action=removeReference')).body.items;
  t.match(line, { user: 'web:ada', reason: 'a lost phone', actor: { via: 'console' } });
});
