/** The console in Chromium; with TEST_IMAGES set to a folder it also takes the pictures of docs/console.md. */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import t from 'tap';
import type { RefusalTally } from '../../src/domain/refusals/refusal-tally.js';
import { ADMIN_KEY } from '../support/test-app.js';
import { required } from '../support/test-environment.js';
import { hookApp, receiver, until } from '../webhooks/hook-app.js';
import { furnish } from './furnish.js';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
];
const WAIT_MS = 60_000;
const MAX_FIRST_LOAD_BYTES = 80 * 1024;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const IMAGES = process.env.TEST_IMAGES;
t.setTimeout(10 * WAIT_MS);

const PHONE = { viewport: { width: 320, height: 720 } };
const DESK = { viewport: { width: 1280, height: 900 } };
const PAGES = {
  today: '/console',
  users: '/console/users',
  user: '/console/users/telegram%3A1001',
  payments: '/console/payments',
  catalogue: '/console/catalogue',
  webhooks: '/console/webhooks',
  refusals: '/console/refusals',
  sold: '/console/sold',
  keys: '/console/keys',
  usage: '/console/usage',
  log: '/console/audit-log',
  about: '/console/about',
};

function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => request.url().startsWith(origin) || faults.push(request.url()));
  return faults;
}

/** Axe is told to the page from outside: its policy would let no script of ours in. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`(() => { ${await sourceOfAxe()} })()`);
  return page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`,
  );
}

let axe: string | undefined;
async function sourceOfAxe(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  axe ??= await readFile(AXE, 'utf8');
  return axe;
}

/** One endpoint that takes what it is sent, and one that fails, whose id it is. */
async function furnishWebhooks(
  t: Parameters<typeof hookApp>[0],
  { hook, tell, deliveries }: Awaited<ReturnType<typeof hookApp>>,
): Promise<string> {
  const sound = await receiver(t);
  const broken = await receiver(t, (_one, reply) => {
    reply.statusCode = 502;
    reply.end('<html><h1>502 Bad Gateway</h1></html>');
  });
  const [{ id: good }, { id: bad }] = [await hook(sound.url), await hook(broken.url, null)];
  await tell();
  await until(async () => (await deliveries(good, 'status=delivered')).length > 0);
  await until(async () => (await deliveries(bad)).some(({ attempts }) => attempts.length > 0));
  return bad;
}

t.test('in a browser', { timeout: 9 * WAIT_MS }, async (t) => {
  const executablePath = required('TEST_CHROMIUM');
  const hooked = await hookApp(t);
  const { app, call } = hooked;
  await furnish(call);
  await (hooked.services.refused as RefusalTally).write();
  const failing = await furnishWebhooks(t, hooked);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath, args: ARGS });
  t.teardown(() => browser.close());

  const open = async (options: BrowserContextOptions) => {
    const page = await browser.newPage({ ...options, locale: options.locale ?? 'en-GB' });
    page.setDefaultTimeout(WAIT_MS);
    const faults = faultsOf(page, origin);
    await page.goto(`${origin}/console`);
    await page.locator('input[type=password]').fill(ADMIN_KEY);
    await page.locator('.act button').click();
    await page.locator('.out').waitFor();
    return { page, faults };
  };

  for (const [name, options] of Object.entries({
    phone: PHONE,
    desk: DESK,
    dark: { ...DESK, colorScheme: 'dark' as const },
    russian: { ...PHONE, locale: 'ru-RU' },
  })) {
    t.test(
      `${name}: axe finds nothing, the policy is kept, nothing is wider than the screen`,
      { timeout: 4 * WAIT_MS },
      async (t) => {
        const { page, faults } = await open(options);
        for (const [what, path] of Object.entries({ ...PAGES, webhook: `/console/webhooks/${failing}` })) {
          const answer = await page.goto(`${origin}${path}`);
          t.equal(answer?.status(), 200, path);
          t.same(await violations(page), [], `${what}: axe`);
          const width = await page.evaluate('document.documentElement.scrollWidth');
          t.ok((width as number) <= options.viewport.width, `${what} is ${width} px wide`);
          if (IMAGES && name !== 'russian')
            await page.screenshot({
              path: join(IMAGES, `console-${what}-${name}.png`),
              fullPage: name === 'phone',
            });
        }
        t.same(faults, []);
      },
    );
  }

  t.test(
    'a grant by hand, from search to balance; also without JavaScript',
    { timeout: 4 * WAIT_MS },
    async (t) => {
      for (const javaScriptEnabled of [true, false]) {
        const { page, faults } = await open({ ...PHONE, javaScriptEnabled });
        await page.goto(`${origin}/console/users`);
        await page.locator('#q').fill('ada');
        if (javaScriptEnabled) await page.waitForURL(/q=ada/);
        else await page.locator('#q').press('Enter');
        await page.locator('#found a', { hasText: 'telegram:1001' }).click();
        const before = Number((await page.locator('.big strong').innerText()).replace(/\D/g, ''));
        await page.locator('input[name=amount]').fill('100');
        await page.locator('form:has([name=amount]) input[name=reason]').fill('goodwill');
        await page.locator('form:has([name=amount]) button').click();
        await page.locator('.changes').waitFor();
        if (IMAGES && javaScriptEnabled)
          await page.screenshot({ path: join(IMAGES, 'console-preview-phone.png') });
        await page.locator('.preview button').click();
        await page.locator('.said').waitFor();
        const after = Number((await page.locator('.big strong').innerText()).replace(/\D/g, ''));
        t.equal(after, before + 100, `with JavaScript: ${javaScriptEnabled}`);
        t.same(faults, []);
      }
    },
  );

  t.test('the first load is at most 80 KB', { timeout: WAIT_MS }, async (t) => {
    const door = await app.inject({ url: '/console' });
    const files = [...door.body.matchAll(/(?:src|href)="(\/console\/assets[^"]+)"/g)].map(
      ([, href]) => href as string,
    );
    t.ok(files.length >= 3);
    let bytes = door.rawPayload.length;
    for (const url of new Set(files)) {
      const file = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
      t.match(file.headers, { 'cache-control': /immutable/ }, url);
      bytes += file.rawPayload.length;
    }
    t.ok(bytes <= MAX_FIRST_LOAD_BYTES, `${bytes} bytes`);
    t.equal((await call('GET', '/console/assets/old/htmx.js')).headers['cache-control'], 'no-cache');
  });
});
