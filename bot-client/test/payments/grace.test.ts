import t from 'tap';
import { testService } from '../support/test-service.js';
import { Town, userOf } from '../support/town.js';

const DAY_SECONDS = 86_400;

t.test(
  'in grace the plan is said to stay without tokens, and a month is sold without a question',
  async (t) => {
    const { billing, admin } = await testService();
    const { id: _, ...like } = (await billing.tiers()).items.find((one) => one.id === 'professional') ?? {};
    await admin.put('/tiers/kept', { ...like, name: 'Kept', graceSeconds: 3 * DAY_SECONDS });
    const town = await Town.open(t, { PAYMENT_PROVIDER_TOKEN: '381764678:TEST:100037' });
    const ann = await town.someone('en', 0);
    const until = new Date(Date.now() + DAY_SECONDS * 1000).toISOString();
    const about = { provider: 'web', paymentId: 'kept', user: userOf(ann), currency: 'RUB', amount: 1 };
    await billing.pay({ ...about, product: { tier: 'kept', until } });
    await admin.advance(2 * DAY_SECONDS);
    t.match(
      await town.scene(ann, () => ann.says('/balance')),
      /Plan: Kept\nThe time you paid for is over\. Kept stays for another \d days, without new tokens/,
    );
    await town.scene(ann, () => ann.says('/upgrade'));
    t.match(await town.scene(ann, () => ann.taps('rub:tier:kept:1')), '<invoice> Kept, one month');
  },
);
