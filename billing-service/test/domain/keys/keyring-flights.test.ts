/** How often keys are read. */
import t, { type Test } from 'tap';
import { makeApiKey } from '../../../src/domain/keys/api-key.js';
import { ApiKeyring } from '../../../src/domain/keys/api-keyring.js';
import type { ApiKeyStore } from '../../../src/domain/ports/api-key-store.js';
import { UnavailableError } from '../../../src/domain/ports/unavailable-error.js';
import { testApp } from '../../support/test-app.js';
import { TEST_AUTHOR } from '../../support/test-author.js';

/** A keyring with a clock of its own over the real store, whose reads are counted and wait while `hold` says so. */
async function watchedKeyring(t: Test) {
  const { services, clock } = await testApp(t);
  const watch = { nowMs: 0, reads: 0, hold: Promise.resolve(), away: false };
  const store: ApiKeyStore = Object.assign(Object.create(services.apiKeys), {
    findByHash: async (hash: string) => {
      watch.reads += 1;
      const found = await services.apiKeys.findByHash(hash);
      await watch.hold;
      if (watch.away) throw new UnavailableError('away');
      return found;
    },
  });
  const { bus, apiKeys } = services;
  const keyring = new ApiKeyring({ store, clock, bus, adminKey: undefined, nowMs: () => watch.nowMs });
  const { key, ...row } = makeApiKey({ name: 'x', scopes: ['tokens'], expiresAt: null }, clock.now());
  await apiKeys.by(TEST_AUTHOR).insert(row);
  return { keyring, watch, key, row, apiKeys, bus, clock };
}

/** A promise, and what lets go of those who wait for it. */
function gate() {
  let open = () => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { held, open };
}

/** Until the n-th read has begun, and is over where nothing holds it. */
async function readsReach(watch: { reads: number }, n: number): Promise<void> {
  while (watch.reads < n) await new Promise(setImmediate);
  for (let i = 0; i < 50; i++) await new Promise(setImmediate);
}

t.test('256 requests with one key that nobody knows yet are one read', async (t) => {
  const { keyring, watch, key, row } = await watchedKeyring(t);
  const callers = await Promise.all(Array.from({ length: 256 }, () => keyring.identify(key)));
  t.ok(callers.every((caller) => caller?.apiKeyId === row.id));
  t.equal(watch.reads, 1);
  watch.nowMs = 5_000;
  t.equal(keyring.known(key), undefined, 'its 5 s are over');
  await Promise.all(Array.from({ length: 256 }, () => keyring.identify(key)));
  t.equal(watch.reads, 2);
  const nobody = makeApiKey({ name: 'x', scopes: ['tokens'], expiresAt: null }, 0).key;
  await Promise.all(Array.from({ length: 256 }, () => keyring.identify(nobody)));
  t.equal(watch.reads, 3, 'nor does a key of nobody cost more');
});

t.test('a key in use is served while it is read again, once, and never past 5 s', async (t) => {
  const { keyring, watch, key } = await watchedKeyring(t);
  await keyring.identify(key);
  const { held, open } = gate();
  watch.hold = held;
  for (const nowMs of [1_000, 3_000, 3_400, 3_500, 3_999]) {
    watch.nowMs = nowMs;
    for (let i = 0; i < 20; i++) t.ok(keyring.known(key), `served at once at ${nowMs} ms`);
  }
  t.equal(watch.reads, 2, 'one read behind them');
  open();
  await keyring.identify(key);
  await readsReach(watch, 2);
  watch.nowMs = 7_999;
  t.ok(keyring.known(key), 'it counts from when it was read: at 3 s');
  watch.nowMs = 8_000;
  t.equal(keyring.known(key), undefined);
});

t.test(
  'a read that stands still for a second is flown past by one other, and nobody waits for it',
  async (t) => {
    const { keyring, watch, key } = await watchedKeyring(t);
    await keyring.identify(key);
    const { held, open } = gate();
    watch.hold = held;
    watch.nowMs = 3_000;
    t.ok(keyring.known(key));
    await readsReach(watch, 2);
    watch.hold = Promise.resolve();
    watch.nowMs = 4_000;
    t.ok(keyring.known(key));
    await readsReach(watch, 3);
    for (const nowMs of [5_000, 6_999]) {
      watch.nowMs = nowMs;
      t.ok(keyring.known(key), `the other has answered: served at once at ${nowMs} ms`);
    }
    open();
  },
);

t.test(
  'where the one beside it stands still, too, no third begins; past 5 s the answer has ended',
  async (t) => {
    const { keyring, watch, key } = await watchedKeyring(t);
    await keyring.identify(key);
    const { held, open } = gate();
    watch.hold = held;
    for (const nowMs of [3_000, 3_500, 4_000, 4_500, 4_999]) {
      watch.nowMs = nowMs;
      t.ok(keyring.known(key), `served at once at ${nowMs} ms`);
    }
    watch.nowMs = 5_000;
    t.equal(keyring.known(key), undefined, 'the first answer is over and no other is there');
    const late = Array.from({ length: 20 }, () => keyring.identify(key));
    t.equal(watch.reads, 3);
    open();
    t.ok(
      (await Promise.all(late)).every((caller) => caller !== null),
      'those on their way answer',
    );
  },
);

t.test(
  'a database that is away is asked again twice a second, and ends nothing before its time',
  async (t) => {
    const { keyring, watch, key } = await watchedKeyring(t);
    await keyring.identify(key);
    watch.away = true;
    watch.nowMs = 3_000;
    t.ok(keyring.known(key));
    await readsReach(watch, 2);
    watch.nowMs = 3_499;
    t.ok(keyring.known(key));
    t.equal(watch.reads, 2);
    watch.nowMs = 3_500;
    t.ok(keyring.known(key));
    t.equal(watch.reads, 3);
    watch.nowMs = 5_000;
    t.equal(keyring.known(key), undefined);
    await t.rejects(keyring.identify(key), UnavailableError);
  },
);

t.test('who asks after a key was revoked does not get the answer of a read that began before', async (t) => {
  const { keyring, watch, key, row, apiKeys, bus, clock } = await watchedKeyring(t);
  const { held, open } = gate();
  watch.hold = held;
  const before = keyring.identify(key);
  await readsReach(watch, 1);
  await apiKeys.by(TEST_AUTHOR).revoke(row.id, clock.now());
  bus.publish({ kind: 'api_key', id: row.id });
  const after = keyring.identify(key);
  open();
  t.match(await before, { apiKeyId: row.id });
  t.equal(await after, null);
  t.equal(await keyring.identify(key), null);
  t.equal(watch.reads, 2);
});

t.test('what cannot be a key is not kept, however much of it is tried', async (t) => {
  const { keyring, key } = await watchedKeyring(t);
  await keyring.identify(key);
  // More than the answers that are kept: if these were, they would have driven it out.
  for (let i = 0; i <= 20_000; i++) {
    const tried = `${'x'.repeat(100)}${i}`;
    if (await (i % 2 ? keyring.identify(tried) : keyring.identifySuspect(tried))) t.fail(tried);
  }
  t.ok(keyring.known(key));
});
