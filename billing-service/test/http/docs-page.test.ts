import type { AddressInfo } from 'node:net';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import t from 'tap';
import { ADMIN_KEY, testApp } from '../support/test-app.js';
import { required } from '../support/test-environment.js';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WAIT_MS = 60_000;
t.setTimeout(10 * WAIT_MS);

/** Everything that the page complains of, or fetches from elsewhere. */
function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) faults.push(request.url());
  });
  return faults;
}

async function authorize(page: Page): Promise<void> {
  await page.locator('button.authorize').first().click();
  await page.locator('.modal-ux input').first().fill(ADMIN_KEY);
  await page.locator('.modal-ux button.authorize').click();
  await page.locator('.modal-ux button.btn-done').click();
}

/** Presses "Execute" at one call as it stands, and tells the status and body that the page shows. */
async function tryOut(page: Page, operationId: string): Promise<{ status: string; body: string }> {
  const block = page.locator(`.opblock[id$="-${operationId}"]`);
  await block.locator('.opblock-summary-control').click();
  await block.locator('button.execute').click();
  const answer = block.locator('.live-responses-table .response').first();
  await answer.waitFor({ timeout: WAIT_MS });
  return {
    status: (await answer.locator('.response-col_status').innerText()).trim(),
    body: await answer.locator('.response-col_description').innerText(),
  };
}

t.test('in a browser', { timeout: 9 * WAIT_MS }, async (t) => {
  const executablePath = required('TEST_CHROMIUM');
  const { app, call } = await testApp(t);
  await call('POST', '/tokens/grant', {
    body: { user: 'demo:you', amount: 100, source: 'promo', reason: 'to try it' },
    headers: { 'idempotency-key': 'demo' },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  const browser = await chromium.launch({ executablePath, args: ARGS });
  t.teardown(() => browser.close());
  const open = async (path: string, options: BrowserContextOptions) => {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(WAIT_MS);
    const faults = faultsOf(page, origin);
    await page.goto(`${origin}${path}`);
    await page.locator('.opblock').first().waitFor();
    return { page, faults };
  };

  t.test('authorize, reserve, commit, and grant twice', { timeout: 4 * WAIT_MS }, async (t) => {
    const { page, faults } = await open('/', { viewport: { width: 1280, height: 1600 } });
    t.equal(new URL(page.url()).pathname, '/docs', 'the address that the start prints leads here');
    t.equal(await page.title(), 'Farebox API');
    await authorize(page);
    const reserved = await tryOut(page, 'reserveTokens');
    t.equal(reserved.status, '201');
    t.match(reserved.body, /"reservationId": "rsv_/);
    const committed = await tryOut(page, 'commitTokens');
    t.equal(committed.status, '200', 'the example stands for the reservation just made');
    t.match(committed.body, /"status": "committed"/);

    const granted = await tryOut(page, 'grantTokens');
    t.equal(granted.status, '201');
    const again = page.waitForResponse((answer) => answer.url().endsWith('/tokens/grant'));
    await page.locator('.opblock[id$="-grantTokens"] button.execute').click();
    const second = await again;
    t.equal(second.status(), 201);
    t.equal(await second.headerValue('idempotency-replayed'), null, 'a second try is no replay');
    t.same(faults, [], 'no error, nothing against its content policy, nothing from elsewhere');
  });

  t.test(
    'on a phone it is as wide as the screen; in the dark it is dark',
    { timeout: 4 * WAIT_MS },
    async (t) => {
      const { page, faults } = await open('/docs?utm=x#/Tokens', {
        viewport: { width: 390, height: 844 },
        // As a phone does: a page that says nothing of its width is laid out 980 px wide.
        isMobile: true,
        colorScheme: 'dark',
      });
      const block = page.locator('.opblock[id$="-reserveTokens"]');
      await block.locator('.opblock-summary-control').click();
      await block.locator('.responses-inner').waitFor();
      const seen = await page.evaluate(
        '[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]',
      );
      t.same(seen, [390, 'rgb(28, 32, 34)']);
      t.same(faults, []);
    },
  );
});
