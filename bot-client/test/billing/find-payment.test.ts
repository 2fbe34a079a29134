import t from 'tap';
import { testService } from '../support/test-service.js';

t.test('a payment is found among any number that came after it, or is not there', async (t) => {
  const { billing } = await testService();
  const payment = { provider: 'telegram_stars', user: 'telegram:1', currency: 'XTR', amount: 1 };
  for (let n = 0; n <= 100; n++)
    await billing.pay({ ...payment, paymentId: `charge-${n}`, product: { tokens: 1 } });
  t.equal((await billing.payment('telegram:1', 'telegram_stars', 'charge-0'))?.paymentId, 'charge-0');
  t.equal(await billing.payment('telegram:1', 'telegram_stars', 'charge-x'), undefined);
  t.equal(await billing.payment('telegram:2', 'telegram_stars', 'charge-0'), undefined);
});
