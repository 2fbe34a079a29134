import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('a quote for an unknown user is what the reserve then finds', async (t) => {
  const { call } = await testApp(t);
  const quote = (user: string) =>
    call('POST', '/tokens/quote', { body: { user, operation: 'chatgpt_message' } });
  const reserve = (user: string) =>
    call('POST', '/tokens/reserve', { body: { user, operation: 'chatgpt_message' } });

  t.match((await quote('web:one')).body, { canAfford: false, deficit: 5, balance: { total: 0 } });
  t.equal((await reserve('web:one')).status, 402);

  const { body: gift } = await call('GET', '/tiers/gift');
  await call('PUT', '/tiers/gift', { body: { ...gift, requiresChannel: false } });
  const { body } = await quote('web:two');
  t.match(body, { canAfford: true, deficit: 0, balance: { available: 100, reserved: 0, total: 100 } });
  t.equal(body.affordable.chatgpt_message, 20);
  t.equal((await call('GET', '/users/web:two/balance')).status, 404, 'the question made nobody');
  t.equal((await reserve('web:two')).status, 201);
});
