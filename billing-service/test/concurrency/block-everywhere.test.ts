/** A block is known to every instance that had the user in memory, without a wait for a cache to age. */
import t from 'tap';
import { startInstances } from '../support/instances.js';

t.setTimeout(120_000);

t.test('blocked by one instance, refused by the others; and the same back', async (t) => {
  const { call } = await startInstances(t, 3);
  const body = { user: 'web:1', operation: 'chatgpt_message' };
  const statuses = async () => {
    const answers = await Promise.all([0, 1, 2].map((i) => call(i, 'POST', '/limits/check', body)));
    return answers.map(({ status }) => status);
  };
  t.strictSame(await statuses(), [200, 200, 200], 'now all have the user in memory');
  await call(1, 'PUT', '/users/web:1/block', { blocked: true, reason: 'sent spam' });
  t.strictSame(await statuses(), [403, 403, 403]);
  await call(2, 'PUT', '/users/web:1/block', { blocked: false });
  t.strictSame(await statuses(), [200, 200, 200]);
});
