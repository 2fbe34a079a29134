import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { FakeTelegram } from './fake-telegram.js';

const fake = await new FakeTelegram().start();
t.teardown(() => fake.stop());
const ann = fake.person(1, 'Ann');
ann.says('/start');

async function call(method: string, params: object, token = fake.token) {
  const response = await fetch(`${fake.url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return (await response.json()) as { ok: boolean; result: never; error_code?: number; description?: string };
}
const refused = async (method: string, params: object) => (await call(method, params)).description;

t.test('refuses what Telegram refuses', async (t) => {
  const to = { chat_id: 1 };
  t.equal((await call('getMe', {}, 'wrong')).error_code, 401);
  t.equal((await call('sendFlowers', {})).error_code, 404);
  t.match(await refused('sendMessage', { ...to, text: 'x'.repeat(4097) }), 'message is too long');
  t.match(await refused('sendMessage', { ...to, text: ' ' }), 'message text is empty');
  t.match(await refused('sendMessage', { ...to, text: '<b>x', parse_mode: 'HTML' }), "can't parse entities");
  t.match(await refused('sendMessage', { ...to, text: 5 }), 'must be string');
  t.match(await refused('sendMessage', { chat_id: 99, text: 'x' }), 'chat not found');
  const fat = { inline_keyboard: [[{ text: 'a', callback_data: 'я'.repeat(33) }]] };
  t.match(await refused('sendMessage', { ...to, text: 'x', reply_markup: fat }), 'BUTTON_DATA_INVALID');
  const sent = (await call('sendMessage', { ...to, text: '&lt;<b>x</b>', parse_mode: 'HTML' })).result as {
    message_id: number;
    text: string;
  };
  t.equal(sent.text, '<x');
  const edit = { ...to, message_id: sent.message_id, text: 'y' };
  t.ok((await call('editMessageText', edit)).ok);
  t.match(await refused('editMessageText', edit), 'message is not modified');
  t.match(await refused('sendMessageDraft', { ...to, draft_id: 0, text: 'x' }), 'DRAFT_ID_INVALID');
});

t.test('an update comes again until an offset confirms it, and a second poller ends the first', async (t) => {
  const id = ann.says('hello');
  const seen = async (offset: number) =>
    ((await call('getUpdates', { offset })).result as { update_id: number }[]).map(
      (update) => update.update_id,
    );
  t.ok((await seen(0)).includes(id));
  t.ok((await seen(0)).includes(id), 'unconfirmed: again');
  t.same(await seen(id + 1), []);
  const first = call('getUpdates', { offset: id + 1, timeout: 50 });
  t.ok(await until(() => fake.world.feed.isAwaited));
  t.same(await seen(id + 1), []);
  t.equal((await first).error_code, 409);
});

t.test('Stars: an invoice is checked, paid once asked, and refunded once', async (t) => {
  const invoice = { chat_id: 1, title: 'Pack', description: 'd', payload: 'pack:a', currency: 'XTR' };
  const prices = [{ label: 'a', amount: 300 }];
  t.match(await refused('sendInvoice', { ...invoice, currency: 'RUB', prices }), 'PAYMENT_PROVIDER_INVALID');
  t.match(
    await refused('createInvoiceLink', { ...invoice, chat_id: undefined, prices, subscription_period: 60 }),
    'SUBSCRIPTION_PERIOD_INVALID',
  );
  t.ok((await call('sendInvoice', { ...invoice, prices })).ok);
  const paying = ann.pays();
  const asked = fake.world.preCheckouts.keys().next().value;
  t.ok((await call('answerPreCheckoutQuery', { pre_checkout_query_id: asked, ok: true })).ok);
  const paid = await paying;
  const refund = { user_id: 1, telegram_payment_charge_id: paid.chargeId };
  t.ok((await call('refundStarPayment', refund)).ok);
  t.match(await refused('refundStarPayment', refund), 'CHARGE_ALREADY_REFUNDED');
});

t.test('trouble on order: 429 with retry_after', async (t) => {
  fake.faults.order({
    method: 'sendMessage',
    kind: 'refuse',
    code: 429,
    description: 'Too Many Requests',
    retryAfterSeconds: 2,
  });
  const answer = await call('sendMessage', { chat_id: 1, text: 'x' });
  t.match(answer, { error_code: 429, parameters: { retry_after: 2 } });
  t.ok((await call('sendMessage', { chat_id: 1, text: 'x' })).ok);
});
