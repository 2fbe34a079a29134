/** A small house with something in every room, for the pages to show. */
import type { TestApp } from '../support/test-app.js';

const NAMES = ['Ada', 'Boris', 'Chiara', 'Dmitri', 'Emeka', 'Fatima', 'Grace', 'Hiro'];

export async function furnish(call: TestApp['call']): Promise<void> {
  let keys = 0;
  const post = (url: string, body: object) =>
    call('POST', url, { body, headers: { 'idempotency-key': `furnish-${keys++}` } });
  for (const [i, firstName] of NAMES.entries())
    await call('PUT', `/users/telegram:${1001 + i}`, {
      body: { firstName, username: firstName.toLowerCase(), locale: 'en' },
    });
  const user = 'telegram:1001';
  await post('/users/telegram:1001/references', { reference: 'web:ada' });
  const paid = { provider: 'telegram_stars', user, currency: 'XTR' };
  await post('/payments', {
    ...paid,
    paymentId: 'stars-4711',
    product: { tier: 'professional', months: 3 },
    amount: 3000,
  });
  await post('/payments', { ...paid, paymentId: 'stars-4712', product: { pack: 'pack-500' }, amount: 300 });
  await post('/tokens/grant', {
    ...{ user, amount: 120, source: 'promo', reason: 'welcome' },
    expiresAt: new Date(Date.now() + 10 * 86_400_000).toISOString(),
  });
  for (let i = 0; i < 6; i++) {
    const operation = i % 3 ? 'chatgpt_message' : 'image_generation';
    const held = await post('/tokens/reserve', { user, operation, checkLimits: true });
    if (i < 4) await post('/tokens/commit', { reservationId: held.body.reservationId });
  }
  for (let i = 0; i < 3; i++)
    await post('/tokens/reserve', { user: `telegram:100${5 + i}`, operation: 'image_generation' });
  await post('/payments', {
    ...{ ...paid, user: 'telegram:1003', paymentId: 'stars-4713' },
    ...{ product: { tier: 'business', months: 1 }, amount: 1750 },
  });
}
