import t from 'tap';
import { Farebot } from '../src/bot.js';
import { checkSettings } from '../src/check-settings.js';
import { ConfigError, loadConfig, secretsOf } from '../src/config.js';
import { createLog } from '../src/log.js';
import { Town } from './support/town.js';

t.test('every kind of update, redelivered, changes nothing a second time', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('en', 100);
  const again = async (updateId: number) => {
    const before = [town.chat(ann), town.balance(ann)];
    town.telegram.world.feed.redeliver(updateId);
    await town.quiet();
    t.same([town.chat(ann), town.balance(ann)], before);
  };
  await town.scene(ann, () => ann.says('/start'));
  const sent = [ann.says('hello'), ann.says('/image x'), ann.says('/balance'), ann.joins(-1001)];
  await town.quiet();
  sent.push(ann.taps('retry:'), ann.says('/upgrade'));
  await town.quiet();
  sent.push(ann.taps('buy:pack:pack-500'));
  await town.quiet();
  sent.push(Number((await ann.pays()).updateId));
  await town.quiet();
  for (const updateId of sent) await again(updateId);
  await town.stopBot();
  await town.startBot();
  for (const updateId of sent) await again(updateId);
});

t.test('a payment outlives an outage of the service, and the payer is told', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone();
  await town.scene(ann, () => ann.says('/upgrade'));
  await town.scene(ann, () => ann.taps('buy:tier:professional'));
  const link = ann.sees().at(-1)?.message.reply_markup?.inline_keyboard?.[0]?.[0]?.url;
  town.service.faults = [{ path: /^\/payments$/, times: 4, status: 503 }];
  t.ok((await ann.pays(link)).ok);
  await town.until(() => town.chat(ann).includes('kept safe'));
  await town.until(
    () => town.chat(ann).includes('Thank you! 2,000 tokens added. You are on Professional'),
    20_000,
  );
  const sent = town.service.requests.findLast((one) => one.path === '/payments')?.body;
  t.match(sent, { provider: 'telegram_stars', user: `telegram:${ann.id}`, currency: 'XTR', amount: 1000 });
  t.match(JSON.stringify(sent), /"tier":"professional","until":"\d{4}-/, 'a subscription names its end');
});

t.test('what is no longer for sale, or at another price, is declined before money moves', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone();
  const invoice = { title: 'x', description: 'x', payload: 'pack:gone', currency: 'XTR', amount: 300 };
  town.telegram.world.links.set('gone', invoice);
  town.telegram.world.links.set('cheap', { ...invoice, payload: 'pack:pack-500', amount: 1 });
  t.match(await ann.pays('gone'), { ok: false, error: /no longer for sale/ });
  t.match(await ann.pays('cheap'), { ok: false, error: /price has changed/ });
});

t.test('the gift: what Telegram does not know is neither given nor taken', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone('en', 0);
  await town.scene(ann, () => ann.says('/start'));
  t.match(await town.scene(ann, () => ann.taps('joined')), 'do not see you in the channel yet');
  town.telegram.faults.order({
    method: 'getChatMember',
    kind: 'refuse',
    description: 'Bad Request: member list is inaccessible',
  });
  const before = town.service.requests.length;
  t.match(await town.scene(ann, () => ann.taps('joined')), 'could not tell me');
  t.equal(town.service.requests.length, before, 'the service was told nothing');
  town.telegram.world.members.set(`-1001:${ann.id}`, 'member');
  t.match(await town.scene(ann, () => ann.taps('joined')), 'Thank you for joining: 100 tokens');
});

t.test('by webhook: only with the secret, and accepted once', async (t) => {
  const town = await Town.open(t);
  await town.stopBot();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const url = `http://127.0.0.1:${port}/hook`;
  const secret = 'a-secret-of-sixteen-or-more';
  await town.startBot({ WEBHOOK_URL: url, WEBHOOK_SECRET: secret, WEBHOOK_PORT: String(port) });
  await town.until(() => town.telegram.world.feed.webhook !== undefined);
  const ann = town.someone();
  ann.says('hello');
  await town.until(() => town.chat(ann).includes('You said hello'));
  const push = (headers: object, body: string) =>
    fetch(url, { method: 'POST', body, headers: { ...headers } }).then((response) => response.status);
  const forged = JSON.stringify({
    update_id: 5,
    message: {
      message_id: 1,
      date: 1,
      chat: { id: ann.id, type: 'private' },
      from: ann.user,
      text: 'forged',
    },
  });
  t.equal(await push({}, forged), 401);
  t.equal(await push({ 'x-telegram-bot-api-secret-token': secret }, 'nonsense'), 400);
  t.equal(town.telegram.world.feed.pushed[0]?.status, 200);
});

t.test('polling goes on after 409, 429, a hang and a lost connection; a wrong token ends it', async (t) => {
  const town = await Town.open(t);
  const ann = town.someone();
  for (const code of [409, 429, 502]) {
    town.telegram.faults.order({
      method: 'getUpdates',
      kind: 'refuse',
      code,
      description: 'no',
      ...(code === 429 ? { retryAfterSeconds: 1 } : {}),
    });
    ann.says('/terms');
    await town.until(
      () => town.chat(ann).match(/You buy tokens/g)?.length === [409, 429, 502].indexOf(code) + 1,
      20_000,
    );
  }
  await town.stopBot();
  const config = loadConfig(town.env({ TELEGRAM_BOT_TOKEN: '1:wrong-token-of-some-length' }));
  const wrong = await Farebot.create(
    config,
    createLog([], () => undefined),
    () => undefined,
  );
  await t.rejects(wrong.run(), /Telegram refuses the token: check TELEGRAM_BOT_TOKEN/);
  await wrong.stop();
});

t.test('settings: the bad ones are named, and no secret is ever logged', async (t) => {
  const town = await Town.open(t);
  const wrong = town.env({ ADMIN_IDS: 'x', WEBHOOK_URL: 'https://a.b/c', BOT_METRICS_PORT: '99999' });
  t.throws(
    () => loadConfig(wrong),
    /ADMIN_IDS is not numbers.*WEBHOOK_SECRET is needed with.*BOT_METRICS_PORT is/s,
  );
  t.throws(() => loadConfig({}), ConfigError);
  const config = loadConfig(town.env({ AI_API_KEY: 'sk-very-secret' }));
  const lines: string[] = [];
  const log = createLog(secretsOf(config), (line) => lines.push(line));
  for (const secret of secretsOf(config))
    log.error(`failed at https://x/bot${secret}/getMe`, { error: secret });
  for (const secret of secretsOf(config)) t.notMatch(lines.join(), secret);
  const said: string[] = [];
  t.ok(await checkSettings(config, (line) => said.push(line)), said.join('\n'));
  said.length = 0;
  town.telegram.world.members.set('-1001:777', 'member');
  const broken = loadConfig(town.env({ BILLING_API_KEY: 'not-the-key-of-the-service' }));
  t.notOk(await checkSettings(broken, (line) => said.push(line)));
  t.match(
    said.join('\n'),
    /✓ Telegram: this is @farebox_bot\n✗ Channel: the bot is only "member" there.*✗ Key, scope tokens: the service does not know this key/s,
  );
});
