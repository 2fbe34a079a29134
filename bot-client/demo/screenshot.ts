import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { Visit } from './visit.js';

/** Visits the running demo and photographs it: `node …/screenshot.js <address> <file> [<chromium>]`. */
const [address = 'http://127.0.0.1:3100', file = 'demo.png', program = '/usr/bin/chromium'] =
  process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1180, height: 860 }, deviceScaleFactor: 1.5 });
await page.goto(address);
await new Visit(page).play();
await pause(900);
writeFileSync(file, await page.screenshot());
await browser.close();
