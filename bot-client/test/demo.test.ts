/** `npm run demo`, in a browser: a person plays the user and sees the ledger move. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import t from 'tap';
import { Visit } from '../demo/visit.js';

t.setTimeout(180_000);
const DEMO = fileURLToPath(new URL('../demo/demo.js', import.meta.url));

/** The demo with nothing set and nobody logged in anywhere; the page's address. */
async function startDemo(): Promise<string> {
  const env = { PATH: process.env.PATH ?? '' };
  const demo = spawn(process.execPath, [DEMO, '0'], { cwd: tmpdir(), env });
  const ended = once(demo, 'exit');
  t.teardown(async () => {
    demo.kill('SIGTERM');
    await ended;
  });
  let printed = '';
  return new Promise((resolve, reject) => {
    demo.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const address = /Open {2}(http:\S+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
    demo.on('exit', () => reject(new Error(`the demo ended: ${printed}`)));
  });
}

const FIGURES = ['available', 'held', 'spent', 'tier'];

/** All of one moment: read one by one, the page might change in between. */
const figures = (page: Page): Promise<Record<string, string>> =>
  page.evaluate((ids) => {
    const { document } = globalThis as unknown as {
      document: { getElementById(id: string): { innerText: string } };
    };
    return Object.fromEntries(ids.map((id) => [id, document.getElementById(id).innerText]));
  }, FIGURES);

t.test('no token, no key, no account: join, buy, fail, draw, chat, and a month later', async (t) => {
  const address = await startDemo();
  const executablePath = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(String(error)));
  await page.goto(address);
  const visit = new Visit(page);
  await visit.play();
  t.same(await figures(page), { available: '585', held: '5', spent: '10', tier: 'Gift' });
  await visit.sees('585 left');
  await page.locator('#held', { hasText: /^0$/ }).waitFor();
  t.same(await figures(page), { available: '585', held: '0', spent: '15', tier: 'Gift' });
  const entries = await page.locator('#entries li').allInnerTexts();
  t.match(
    entries.map((entry) => entry.replace(/\s+/g, ' ')),
    [/Chat message -5 = 585/, /Image -10 = 590/, /Token pack \+500 = 600/, /Monthly tokens \+100 = 100/],
    'each step is a line; the failure, which cost nothing, is none',
  );
  await page.locator('#later').click();
  await page.locator('#entries li', { hasText: 'expiry' }).first().waitFor();
  t.same(broken, []);
});
