import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import t from 'tap';
import { TelegramApi } from '../../src/telegram/telegram-api.js';
import type { TgUpdate } from '../../src/telegram/types.js';
import { Webhook } from '../../src/telegram/webhook.js';
import { FakeTelegram } from '../fake-telegram/fake-telegram.js';

const secret = 'a-secret-of-sixteen-or-more';

t.test('an update arrives as it was sent, wherever the network cuts it', async (t) => {
  const telegram = await new FakeTelegram().start();
  const accepted: TgUpdate[] = [];
  const webhook = new Webhook(new TelegramApi(telegram.token, telegram.url), {
    url: 'https://bot.example/hook',
    secret,
    host: '127.0.0.1',
    port: 0,
    accept: async (update) => void accepted.push(update),
  });
  await webhook.start();
  t.teardown(async () => {
    await webhook.stop();
    await telegram.stop();
  });
  const update = { update_id: 1, message: { text: 'Привет, 世界 🌍' } };
  const push = request(`http://127.0.0.1:${webhook.port}/hook`, {
    method: 'POST',
    agent: false,
    headers: { 'x-telegram-bot-api-secret-token': secret },
  });
  // Each a chunk of its own: the server gets them one by one.
  for (const byte of Buffer.from(JSON.stringify(update))) push.write(Buffer.of(byte));
  push.end();
  const [response] = (await once(push, 'response')) as [IncomingMessage];
  response.resume();
  t.equal(response.statusCode, 200);
  t.same(accepted, [update]);
});
