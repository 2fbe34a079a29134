import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call } = await testApp(t, { store });
    const other = await testApp(t, { store });

    t.test('a second reference shares the user, by either name, on every instance', async (t) => {
      await call('PUT', '/users/telegram:2', { body: { username: 'bo' } });
      const named = await call('POST', '/users/telegram:2/references', { body: { reference: 'web:bo' } });
      t.equal(named.status, 201);
      t.strictSame(named.body.references, ['telegram:2', 'web:bo']);
      const read = await other.call('GET', '/users/web:bo');
      t.strictSame(read.body, { ...named.body, user: 'web:bo' });
      const again = await call('POST', '/users/web:bo/references', { body: { reference: 'web:bo' } });
      t.equal(again.status, 201, 'its own name already');
      await call('POST', '/tokens/grant', {
        body: { user: 'web:bo', amount: 7, source: 'promo', reason: 'test' },
        headers: { 'idempotency-key': 'bo' },
      });
      t.equal((await call('GET', '/users/telegram:2/balance')).body.available, 7);
    });

    t.test(
      "another user's reference is 409 and nothing moves; the asking user exists after it",
      async (t) => {
        await call('PUT', '/users/web:owner', { body: {} });
        const taken = await call('POST', '/users/web:asker/references', { body: { reference: 'web:owner' } });
        t.equal(taken.status, 409);
        t.equal(taken.body.code, 'reference-taken');
        t.strictSame((await call('GET', '/users/web:asker')).body.references, ['web:asker']);
      },
    );

    t.test('a reference asked for by many at once goes to one of them', async (t) => {
      const users = Array.from({ length: 10 }, (_, i) => `race:${i}`);
      const answers = await Promise.all(
        users.map((user, i) =>
          (i % 2 ? call : other.call)('POST', `/users/${user}/references`, {
            body: { reference: 'race:prize' },
          }),
        ),
      );
      t.strictSame(answers.map((answer) => answer.status).sort(), [201, ...Array(9).fill(409)]);
    });

    t.test('one Idempotency-Key gives one answer; with another body it is 422', async (t) => {
      const send = (reference: string) =>
        call('POST', '/users/web:key/references', {
          body: { reference },
          headers: { 'idempotency-key': 'k1' },
        });
      const [first, twin] = await Promise.all([send('web:key-2'), send('web:key-2')]);
      t.strictSame([first.status, twin.status], [201, 201]);
      await call('PUT', '/users/web:key', { body: { username: 'later' } });
      const replay = await send('web:key-2');
      t.equal(replay.text, first.text, 'byte for byte');
      t.equal(replay.headers['idempotency-replayed'], 'true');
      const reused = await send('web:key-3');
      t.equal(reused.status, 422);
      t.equal((await call('GET', '/users/web:key-3')).status, 404, 'and nobody is named so');
    });
  });
}
