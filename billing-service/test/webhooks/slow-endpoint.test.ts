/** A slow endpoint has its own share, and no more. */
import t from 'tap';
import { hookApp, receiver, until } from './hook-app.js';

t.test('a slow endpoint has eight in flight, and another gets its events meanwhile', async (t) => {
  const app = await hookApp(t);
  const slow = await receiver(t, () => {});
  const quick = await receiver(t);
  await app.hook(slow.url);
  await app.hook(quick.url);
  for (let i = 0; i < 20; i++) await app.happen(`web:u${i}`);
  await app.tell();
  await until(() => quick.got.length === 20);
  t.equal(slow.got.length, 8);
  await until(() => app.deliver.inFlight === 8);
  t.equal(slow.got.length, 8);
});
