import t from 'tap';
import { makeApiKey } from '../../../src/domain/keys/api-key.js';
import { testApp } from '../../support/test-app.js';
import { TEST_AUTHOR } from '../../support/test-author.js';

t.test('a key that another instance revoked is refused as soon as the bus tells of it', async (t) => {
  const { call, services, clock } = await testApp(t);
  const { key, id, ...rest } = makeApiKey({ name: 'x', scopes: ['admin'], expiresAt: null }, clock.now());
  await services.apiKeys.by(TEST_AUTHOR).insert({ ...rest, id });
  const status = async () => (await call('GET', '/tiers', { key })).status;
  t.equal(await status(), 200);
  t.equal(await services.apiKeys.by(TEST_AUTHOR).revoke(id, clock.now()), true);
  t.equal(await status(), 200, 'kept for a moment, so that no call has to read it');
  services.bus.publish({ kind: 'api_key', id });
  t.equal(await status(), 401);
});

t.test('a key that is revoked while it is being read is not kept', async (t) => {
  const { services, clock } = await testApp(t);
  const { keyring, apiKeys, bus } = services;
  const { key, id, ...rest } = makeApiKey({ name: 'x', scopes: ['admin'], expiresAt: null }, clock.now());
  await apiKeys.by(TEST_AUTHOR).insert({ ...rest, id });
  const find = apiKeys.findByHash.bind(apiKeys);
  apiKeys.findByHash = async (hash) => {
    const found = await find(hash);
    await apiKeys.by(TEST_AUTHOR).revoke(id, clock.now());
    bus.publish({ kind: 'api_key', id });
    return found;
  };
  t.match(await keyring.identify(key), { apiKeyId: id }, 'it was valid when it was asked for');
  t.equal(keyring.known(key), undefined);
  t.equal(await keyring.identify(key), null);
});

t.test('what is known at once is a valid key, and nothing else', async (t) => {
  const { services, clock } = await testApp(t);
  const { keyring, apiKeys } = services;
  const expiresAt = clock.now() + 60_000;
  const { key, ...rest } = makeApiKey({ name: 'x', scopes: ['tokens'], expiresAt }, clock.now());
  t.equal(await keyring.identify(key), null);
  t.equal(keyring.known(key), undefined, 'nobody is not known, though it was asked for');
  await apiKeys.by(TEST_AUTHOR).insert(rest);
  services.bus.publish({ kind: 'api_key', id: rest.id });
  t.equal(keyring.known(key), undefined, 'not before it was read');
  await keyring.identify(key);
  t.match(keyring.known(key), { apiKeyId: rest.id });
  clock.offsetMs += 60_000;
  t.equal(keyring.known(key), undefined, 'it has expired');
});
