import type { AddressInfo } from 'node:net';
import { chromium, type Page } from 'playwright-core';
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
t.setTimeout(5 * WAIT_MS);

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

t.test('in a browser: authorize, reserve, commit', { timeout: 4 * WAIT_MS }, async (t) => {
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
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  page.setDefaultTimeout(WAIT_MS);
  const faults: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
      elsewhere.push(request.url());
  });

  await page.goto(`${origin}/docs`);
  await page.locator('button.authorize').first().click();
  await page.locator('.modal-ux input').first().fill(ADMIN_KEY);
  await page.locator('.modal-ux button.authorize').click();
  await page.locator('.modal-ux button.btn-done').click();

  const reserved = await tryOut(page, 'reserveTokens');
  t.equal(reserved.status, '201');
  t.match(reserved.body, /"reservationId": "rsv_/);
  const committed = await tryOut(page, 'commitTokens');
  t.equal(committed.status, '200', 'the example stands for the reservation just made');
  t.match(committed.body, /"status": "committed"/);

  t.strictSame(faults, [], 'the page has no error, nor does its content policy');
  t.strictSame(elsewhere, [], 'nothing is fetched from elsewhere');
});
