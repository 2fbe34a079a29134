import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Plays a short visit on the running demo and photographs it: `node …/screenshot.js <address> <file>`. */
const [address = 'http://127.0.0.1:3100', file = 'demo.png'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1180, height: 860 }, deviceScaleFactor: 1.5 });
await page.goto(address);

const saw = (text: string) => page.getByText(text, { exact: false }).last().waitFor({ timeout: 60_000 });
const say = async (text: string) => {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
};
await say('/start');
await saw('Join our channel');
await page.check('#joined');
await saw('Thank you for joining');
await say('/upgrade');
await saw('500 tokens, once');
await page.getByRole('button', { name: '500 tokens · ⭐ 300' }).last().click();
await page.getByRole('button', { name: 'Pay ⭐ 300' }).last().click();
await page.getByRole('button', { name: 'Pay', exact: true }).click();
await saw('500 tokens added');
await say('What happens when you fail?');
await saw('did not work');
await say('/image a lighthouse at dusk');
await saw('590 left');
await say('Hello, who are you?');
await page.locator('.draft').waitFor();
await page.locator('#holds li', { hasText: 'held' }).first().waitFor();
await pause(900);
writeFileSync(file, await page.screenshot());
await browser.close();
