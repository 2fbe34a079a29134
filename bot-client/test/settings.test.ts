/** Settings are refused by name, and `--check` says in a person's words what is wrong. */
import t from 'tap';
import { SettingsError } from '../../common/src/settings.js';
import { backendOf } from '../src/assemble-bot.js';
import { checkSettings } from '../src/check-settings.js';
import { readConfig } from '../src/config.js';
import { Town } from './support/town.js';

t.test('every bad setting is named at once, and none is shown', (t) => {
  const good = { TELEGRAM_BOT_TOKEN: '777:fake-token-for-tests', BILLING_API_KEY: 'a-key-of-the-service' };
  const wrong: [string, string, RegExp][] = [
    ['TELEGRAM_BOT_TOKEN', 'secret-nonsense', /^TELEGRAM_BOT_TOKEN: must be as BotFather gives it/],
    ['TELEGRAM_API_ROOT', 'ftp://secret', /^TELEGRAM_API_ROOT: must be a URL/],
    ['BILLING_URL', 'secret', /^BILLING_URL: must be a URL that begins with http/],
    ['BILLING_API_KEY', 'secret', /^BILLING_API_KEY: must be a key/],
    ['CHANNEL_ID', 'secret channel', /^CHANNEL_ID: must be @name or -100/],
    ['CHANNEL_URL', 'secret', /^CHANNEL_URL: must be a URL/],
    ['CHANNEL_ID', '-1001', /^CHANNEL_URL: is needed/],
    ['ADMIN_IDS', 'secret', /^ADMIN_IDS: must be numbers/],
    ['AI_BASE_URL', 'secret', /^AI_BASE_URL: must be a URL/],
    ['AI_API_KEY', 'two secrets', /^AI_API_KEY: must be one word/],
    ['CHAT_TOKENS_PER_1K', '0', /^CHAT_TOKENS_PER_1K: must be a number from 0.001/],
    ['WEBHOOK_URL', 'secret', /^WEBHOOK_URL: must be a URL/],
    ['WEBHOOK_URL', 'https://a.b/c', /^WEBHOOK_SECRET: is needed with WEBHOOK_URL/],
    ['WEBHOOK_SECRET', 'short secret', /^WEBHOOK_SECRET: must be 16 to 256/],
    ['WEBHOOK_PORT', '70000', /^WEBHOOK_PORT: must be a whole number from 0/],
    ['PAYMENT_PROVIDER_TOKEN', 'a secret', /^PAYMENT_PROVIDER_TOKEN: must be as BotFather/],
    ['BOT_METRICS_PORT', '99999', /^BOT_METRICS_PORT: must be a whole number/],
  ];
  t.ok(readConfig(good));
  const refusal = (env: Record<string, string>): string => {
    try {
      readConfig(env);
    } catch (error) {
      if (error instanceof SettingsError) return error.message;
    }
    return 'taken';
  };
  for (const [name, value, expected] of wrong) {
    const said = refusal({ ...good, [name]: value });
    t.match(said, expected, name);
    t.notMatch(said, /secret(?!_)/, 'a value may be a secret');
  }
  const all = refusal({ ADMIN_IDS: 'x', BOT_METRICS_PORT: 'x' }).split('\n');
  t.equal(all.length, 4, 'two that are needed, two that are wrong');
  t.end();
});

t.test('without a key or an address: echo; a key alone means OpenAI', (t) => {
  const good = { TELEGRAM_BOT_TOKEN: '777:fake-token-for-tests', BILLING_API_KEY: 'a-key-of-the-service' };
  const name = (env: Record<string, string>) => backendOf(readConfig({ ...good, ...env })).name;
  t.equal(name({}), 'echo (offline)');
  t.equal(name({ AI_API_KEY: 'sk-x' }), 'gpt-4o-mini at api.openai.com');
  t.equal(
    name({ AI_BASE_URL: 'http://127.0.0.1:11434/v1/', CHAT_MODEL: 'llama3.2' }),
    'llama3.2 at 127.0.0.1:11434',
  );
  t.end();
});

t.test('--check against the real service: all well, and each thing that can be wrong in turn', async (t) => {
  const town = await Town.open(t);
  const check = async (env: Record<string, string>) => {
    const said: string[] = [];
    const well = await checkSettings(readConfig(town.env(env)), (line) => said.push(line));
    const wrong = said.filter((line) => line.startsWith('✗')).join('\n');
    t.equal(well, wrong === '', 'the answer is what was said');
    return well ? said.join('\n') : wrong;
  };
  t.match(
    await check({}),
    /^✓ Telegram: this is @farebox_bot\n✓ Channel: the bot is an administrator there\n✓ Billing service.*scope tokens: allowed.*scope users: allowed.*scope grants: allowed.*scope payments: allowed\n✓ AI: gpt-4o-mini.*by long polling$/s,
  );
  t.match(
    await check({ TELEGRAM_BOT_TOKEN: '1:wrong-token-of-some-length' }),
    /^✗ Telegram: Telegram refuses the token: see TELEGRAM_BOT_TOKEN\n✗ Channel: cannot be checked/,
  );
  t.match(await check({ TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }), /^✗ Telegram: .*ECONNREFUSED/);
  t.match(await check({ CHANNEL_ID: '@nowhere' }), /^✗ Channel: Telegram says: Bad Request: chat not found$/);
  t.match(await check({ BILLING_URL: 'http://127.0.0.1:1' }), /^✗ Billing service: not reachable/);
  const stranger = await check({ BILLING_API_KEY: 'not-the-key-of-the-service' });
  t.equal(stranger.match(/the service does not know this key: see BILLING_API_KEY/g)?.length, 4);
  for (const missing of ['tokens', 'users', 'grants', 'payments']) {
    const scopes = ['tokens', 'users', 'grants', 'payments'].filter((scope) => scope !== missing);
    const said = await check({ BILLING_API_KEY: await town.service.admin.newKey(scopes) });
    t.equal(said, `✗ Key, scope ${missing}: the key lacks this scope`);
  }
  t.match(await check({ AI_BASE_URL: 'http://127.0.0.1:1/v1' }), /^✗ AI: .*ECONNREFUSED/);
  town.ai.status = 401;
  t.match(await check({}), /^✗ AI: GET \/models answered 401$/);
  town.ai.status = 200;
  town.gate.order({ path: /readyz/, kind: 'status' });
  t.match(await check({}), /^✗ Billing service: the database is away$/);
  town.telegram.world.members.set('-1001:777', 'member');
  t.match(await check({}), /^✗ Channel: the bot is only "member" there; make it an administrator/);
});
