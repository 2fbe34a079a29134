import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeTelegram } from '../test/fake-telegram/fake-telegram.js';
import { DemoServer } from './demo-server.js';
import { Ledger } from './ledger.js';
import { startBot, startService } from './processes.js';

const YOU = 1;
const CHANNEL = -1001;

/** The service, the bot and a pretend Telegram on this machine, and a page to play the user on. No token, no key, no account. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-demo-'));
  const ending: (() => Promise<unknown>)[] = [];
  let ended = false;
  const end = async () => {
    if (ended) return;
    ended = true;
    for (const step of ending.reverse()) await step().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());

  say('Starting the service (a database of its own, the first time takes a few seconds) …');
  const service = await startService(folder);
  ending.push(() => service.stop());
  const ledger = new Ledger(service.url, service.adminKey);

  say('Starting a pretend Telegram and the bot …');
  const telegram = await new FakeTelegram().start();
  ending.push(() => telegram.stop());
  telegram.channel(CHANNEL, 'farebox_news');
  const you = telegram.person(YOU, 'You', 'en');
  const bot = await startBot(folder, {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    BILLING_URL: service.url,
    BILLING_API_KEY: await ledger.newKey(['tokens', 'users', 'grants', 'payments']),
    CHANNEL_ID: '@farebox_news',
  });
  ending.push(() => bot.stop());

  const page = new DemoServer({ telegram, you, ledger, channelId: CHANNEL });
  const port = await page.start(Number(process.argv[2] ?? 3100));
  ending.push(() => page.stop());
  say(
    `\n  Open  http://127.0.0.1:${port}\n\n  Write, tap, pay with pretend Stars; watch the ledger move. Ctrl-C ends it.\n`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
