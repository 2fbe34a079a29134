/** A user's own limits are known to every instance that had the user in memory, without a wait for a cache to age. */
import t from 'tap';
import { startInstances } from '../support/instances.js';

t.setTimeout(120_000);

t.test('set by one instance, kept by the others; and the same back', async (t) => {
  const { call } = await startInstances(t, 3);
  const body = { user: 'web:1', operation: 'chatgpt_message', peek: true };
  const limits = async () => {
    const answers = await Promise.all([0, 1, 2].map((i) => call(i, 'POST', '/limits/check', body)));
    return answers.map((answer) => (answer.body as { policies: { limit: number }[] }).policies[0]?.limit);
  };
  await call(0, 'PUT', '/users/web:1', {});
  const [tiers] = await limits();
  await limits();
  const policies = [{ operation: '*', limit: 12_345, windowSeconds: 60 }];
  await call(1, 'PUT', '/users/web:1/overrides', { policies, reason: 'a partner' });
  t.strictSame(await limits(), [12_345, 12_345, 12_345]);
  await call(2, 'PUT', '/users/web:1/overrides', {});
  t.strictSame(await limits(), [tiers, tiers, tiers]);
});
