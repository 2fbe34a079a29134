import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('/docs', async (t) => {
  const { app } = await testApp(t);
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers });
  const page = await get('/docs');

  t.test('has its own title and icon, fits a phone, and loads nothing from elsewhere', async (t) => {
    t.equal(page.statusCode, 200);
    t.match(page.body, '<title>Farebox API</title>');
    t.match(page.body, /<meta name="viewport" content="width=device-width/);
    t.match(page.body, /rel="icon"[^>]* href="docs\/icon\.svg/);
    t.notMatch(page.body, /https?:\/\//);
    t.match(page.headers['content-security-policy'], /default-src 'self'/);
    t.equal((await get('/docs?utm=x')).body, page.body, 'whatever the query');
    t.match((await get('/docs/?x=1')).headers, { location: '../docs' });
  });

  t.test('its files come compressed, and once', async (t) => {
    const addresses = [...page.body.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(
      ([, address]) => `/${address}`,
    );
    t.equal(addresses.length, 5);
    for (const address of addresses) {
      const plain = await get(address);
      t.match(
        plain.headers,
        { 'cache-control': /max-age=31536000, immutable/, vary: 'accept-encoding' },
        address,
      );
      const packed = await get(address, { 'accept-encoding': 'gzip, br' });
      t.equal(packed.headers['content-encoding'], 'gzip');
      t.ok(gunzipSync(packed.rawPayload).equals(plain.rawPayload));
      const refused = await get(address, { 'accept-encoding': 'br, gzip;q=0' });
      t.equal(refused.headers['content-encoding'], undefined);
    }
    const bundle = await get('/docs/swagger-ui-bundle.js', { 'accept-encoding': 'gzip' });
    t.ok(bundle.rawPayload.length < 500_000, `${bundle.rawPayload.length} bytes`);
    t.equal(bundle.headers['cache-control'], 'no-cache', 'an address without a version may change');
    const known = await get('/docs/swagger-ui-bundle.js', { 'if-none-match': String(bundle.headers.etag) });
    t.match([known.statusCode, known.body], [304, '']);
    t.equal((await get('/docs/nothing.js')).statusCode, 404);
  });

  t.test('/ leads a browser there, and tells a program that there is nothing', async (t) => {
    const browser = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    t.match([browser.statusCode, browser.headers.location], [302, 'docs']);
    for (const accept of ['application/json', '*/*', '']) {
      const program = await get('/', accept ? { accept } : {});
      t.match([program.statusCode, program.json().code], [404, 'not-found'], accept);
    }
  });
});
