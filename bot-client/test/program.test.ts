/** The bot as `npm run bot` starts it: a process with settings, signals, output and a folder. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { BOT, startBot } from '../demo/processes.js';
import { FakeTelegram } from './fake-telegram/fake-telegram.js';
import type { Person } from './fake-telegram/person.js';
import { transcript } from './fake-telegram/transcript.js';
import { FakeAi } from './support/fake-ai.js';
import { Gate } from './support/gate.js';
import { testService } from './support/test-service.js';

const AI_KEY = 'sk-a-secret-of-the-ai';
const WEBHOOK_SECRET = 'a-secret-of-the-webhook';
const PROVIDER_TOKEN = '381764678:TEST:a-secret-of-the-provider';

const service = await testService();
const gate = await new Gate(service.url).start();
const telegram = await new FakeTelegram().start();
const ai = await new FakeAi().start();
t.teardown(() => Promise.all([gate.stop(), telegram.stop(), ai.stop()]));
let nextId = 1;

const folderOf = () => mkdtempSync(join(tmpdir(), 'farebot-program-'));
const env = {
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.url,
  BILLING_URL: gate.url,
  BILLING_API_KEY: service.botKey,
  AI_BASE_URL: ai.baseUrl,
  AI_API_KEY: AI_KEY,
  PAYMENT_PROVIDER_TOKEN: PROVIDER_TOKEN,
};
async function someone(): Promise<Person> {
  const person = telegram.person(nextId++, 'Ann');
  await service.give(`telegram:${person.id}`, 100);
  return person;
}
const chat = (person: Person) => transcript(telegram.world, person.id);
async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !(await condition()); await pause(20))
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
}
/** Runs the program to its end. */
async function run(
  folder: string,
  more: Record<string, string>,
  args: string[] = [],
  through: string[] = [],
) {
  const [program = '', ...rest] = [...through, process.execPath, BOT, ...args];
  const child = spawn(program, rest, { cwd: folder, env: { ...env, ...more } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = await once(child, 'close');
  return { code, printed };
}

t.test(
  'SIGTERM: what runs is finished and charged, what comes later is left to the next start',
  async (t) => {
    const folder = folderOf();
    const ann = await someone();
    let release: () => void = () => undefined;
    ai.onAsked = () => new Promise((resolve) => (release = resolve));
    const bot = await startBot(folder, env);
    ann.says('hello');
    await until(() => ai.requests.length > 0, 'the AI is asked');
    const exited = once(bot.process, 'exit');
    bot.process.kill('SIGTERM');
    ai.onAsked = async () => undefined;
    const isReady = async () => (await fetch(`${bot.metricsUrl}/readyz`)).ok;
    await until(async () => !(await isReady()), 'it has heard the signal');
    ann.says('later');
    release();
    t.same(await exited, [0, null]);
    t.match(chat(ann), /You said hello\n\n5 tokens · 95 left/);
    const next = await startBot(folder, env);
    await until(() => chat(ann).includes('You said later'), 'the next start answers');
    await next.stop();
    const charges = await service.entries(`telegram:${ann.id}`, 'charge');
    t.equal(charges.length, 2, 'each once');
  },
);

t.test('a second bot in the same folder is refused in one line', async (t) => {
  const folder = folderOf();
  const bot = await startBot(folder, env);
  const otherNetwork = spawnSync('unshare', ['-n', 'true']).status === 0 ? [['unshare', '-n']] : [];
  if (otherNetwork.length === 0) t.comment('not tried from another network namespace: not permitted here');
  const settings = { BOT_DATA_DIR: join(folder, 'bot', '..', 'bot'), BOT_METRICS_PORT: '0' };
  for (const through of [[], ...otherNetwork]) {
    const second = await run(folder, settings, [], through);
    t.equal(second.code, 75);
    t.match(
      second.printed,
      /^another bot runs with this folder \(.*\): stop it, or give this one a BOT_DATA_DIR[^\n]*\n$/,
    );
  }
  const exited = once(bot.process, 'exit');
  bot.process.kill('SIGKILL');
  await exited;
  const third = await startBot(folder, env);
  t.pass('a killed one leaves no lock behind');
  await third.stop();
});

t.test('health and figures have a port of their own', async (t) => {
  const bot = await startBot(folderOf(), env);
  const ann = await someone();
  ann.says('hello');
  await until(() => chat(ann).includes('You said hello'), 'an answer');
  const get = async (path: string) => {
    const answer = await fetch(bot.metricsUrl + path);
    return [answer.status, await answer.text()] as const;
  };
  t.same(await get('/livez'), [200, 'ok\n']);
  t.same(await get('/readyz'), [200, 'ok\n']);
  // Counted when it is settled, a moment after the user has it.
  const delivered = /farebox_bot_work_total\{operation="chatgpt_message",outcome="delivered"\} 1/;
  await until(async () => delivered.test((await get('/metrics'))[1]), 'it is counted');
  const [, figures] = await get('/metrics');
  t.match(figures, /farebox_bot_updates_total\{kind="message"\} [1-9]/);
  t.notMatch(figures, `telegram:${ann.id}`);
  await bot.stop();
});

t.test('no secret is printed, though errors are full of them', async (t) => {
  const secrets = [telegram.token, service.botKey, AI_KEY, PROVIDER_TOKEN];
  const spilled = secrets.join(' ');
  const ann = await someone();
  const bot = await startBot(folderOf(), env);
  const refuse = { kind: 'refuse', code: 400, description: `Bad Request: ${spilled}` } as const;
  ai.status = 401;
  ai.complaint = `Incorrect API key provided: ${spilled}`;
  ann.says('one');
  await until(() => chat(ann).includes('did not work'), 'a failure of the AI');
  ai.status = 200;
  gate.order({ path: /reserve/, kind: 'status', status: 500, detail: spilled });
  telegram.faults.order({ ...refuse, method: 'sendMessage', times: 3 });
  ann.says('two');
  gate.order({ path: /balance/, kind: 'status', status: 401, detail: spilled });
  ann.says('/balance');
  telegram.faults.order({ ...refuse, method: 'getUpdates', times: 1 });
  await until(() => bot.printed().includes('will start again'), 'polling stops');
  ann.says('/terms');
  await until(() => chat(ann).includes('You buy tokens'), 'and goes on');
  // Nobody is there: these errors carry the whole address, token and all.
  const port = Number(new URL(telegram.url).port);
  await telegram.stop();
  await until(() => /ECONNREFUSED|ECONNRESET/.test(bot.printed()), 'the connection is lost');
  await bot.stop();
  await telegram.start(port);
  const webhook = { WEBHOOK_URL: 'http://127.0.0.1/hook', WEBHOOK_SECRET, WEBHOOK_PORT: '0' };
  secrets.push(WEBHOOK_SECRET);
  telegram.faults.order({ ...refuse, description: secrets.join(' '), method: 'setWebhook' });
  const refused = await run(folderOf(), { ...webhook, BOT_METRICS_PORT: '0' });
  t.equal(refused.code, 1);
  telegram.faults.order({ ...refuse, method: 'getMe' });
  ai.status = 401;
  gate.order({ path: /./, kind: 'status', status: 500, detail: spilled, times: 6 });
  const checked = await run(folderOf(), webhook, ['--check']);
  ai.status = 200;
  t.equal(checked.code, 1);
  const printed = bot.printed() + refused.printed + checked.printed;
  t.match(printed, /\[secret\]/, 'they were there to be printed');
  for (const secret of secrets)
    for (const form of [secret, encodeURIComponent(secret)]) t.notOk(printed.includes(form), form);
});

t.test('--check ends with 0 where all is well', async (t) => {
  gate.calm();
  const { code, printed } = await run(folderOf(), {}, ['--check']);
  t.equal(code, 0, printed);
  t.match(printed, '✓ Key, scope payments: allowed');
});
