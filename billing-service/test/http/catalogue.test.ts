import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

const problem = (code: string) => ({ status: Number, body: { code } });

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call, keyWith } = await testApp(t, { store });
    // A second instance on the same data, which hears nothing of the first one's changes.
    const other = await testApp(t, { store });

    t.test('GET lists tiers by position, operations and packs by id, a page at a time', async (t) => {
      const tiers = await call('GET', '/tiers');
      t.equal(tiers.status, 200);
      t.strictSame(
        tiers.body.items.map((tier: { id: string }) => tier.id),
        ['gift', 'professional', 'business'],
      );
      t.notOk('nextCursor' in tiers.body);
      const first = await call('GET', '/tiers?limit=2');
      t.equal(first.body.items.length, 2);
      const second = await call('GET', `/tiers?limit=2&cursor=${first.body.nextCursor}`);
      t.strictSame([...first.body.items, ...second.body.items], tiers.body.items);
      t.notOk('nextCursor' in second.body);
      t.equal((await call('GET', '/operations')).body.items[0].id, 'chatgpt_message');
      t.equal((await call('GET', '/packs')).body.items[0].id, 'pack-2000');
    });

    t.test('a cursor that no list gave, or another one gave, is 400 and named', async (t) => {
      const { nextCursor } = (await call('GET', '/tiers?limit=1')).body;
      for (const cursor of ['x', `${nextCursor}A`]) {
        const { status, body } = await call('GET', `/tiers?cursor=${cursor}`);
        t.equal(status, 400);
        t.match(body, { code: 'invalid-request', errors: [{ field: 'cursor' }] });
      }
      t.equal((await call('GET', '/tiers?limit=101')).status, 400);
      t.equal((await call('GET', '/tiers?limit=0')).status, 400);
    });

    t.test('any key reads; only admin writes', async (t) => {
      const key = await keyWith('limits');
      t.equal((await call('GET', '/tiers/gift', { key })).status, 200);
      const body = (await call('GET', '/tiers/gift')).body;
      t.equal((await call('PUT', '/tiers/gift', { key, body })).status, 403);
      t.equal((await call('GET', '/tiers/gift', { key: null })).status, 401);
    });

    t.test('what nobody wrote is 404 by its own code', async (t) => {
      t.match(await call('GET', '/tiers/none'), { ...problem('unknown-tier'), status: 404 });
      t.match(await call('GET', '/operations/none'), { ...problem('unknown-operation'), status: 404 });
      t.match(await call('GET', '/packs/none'), { ...problem('unknown-pack'), status: 404 });
    });

    for (const path of ['/tiers/professional', '/operations/chatgpt_message', '/packs/pack-500']) {
      t.test(`${path}: PUT takes exactly what GET gives, and changes nothing by it`, async (t) => {
        const read = await call('GET', path);
        const written = await call('PUT', path, { body: read.body });
        t.equal(written.status, 200);
        t.equal(written.text, read.text);
        t.equal(written.headers.etag, read.headers.etag);
      });

      t.test(`${path}: 201 where it is new, and readable at once`, async (t) => {
        const { id: _, ...body } = (await call('GET', path)).body;
        const made = path.replace(/[^/]+$/, 'new-one');
        t.equal((await call('PUT', made, { body })).status, 201);
        t.strictSame((await call('GET', made)).body, { id: 'new-one', ...body });
        t.equal((await call('PUT', made, { body })).status, 200);
      });

      t.test(`${path}: an id in the body that is not the path's is 400`, async (t) => {
        const { body } = await call('GET', path);
        const answer = await call('PUT', path, { body: { ...body, id: 'another' } });
        t.equal(answer.status, 400);
        t.match(answer.body.errors, [{ field: 'id' }]);
      });

      t.test(`${path}: 304 for the present ETag, 412 for a write over another one`, async (t) => {
        const read = await call('GET', path);
        const etag = String(read.headers.etag);
        t.match(etag, /^"[^"]+"$/, 'strong');
        const again = await call('GET', path, { headers: { 'if-none-match': etag } });
        t.equal(again.status, 304);
        t.equal(again.text, '');
        t.equal(again.headers.etag, etag);
        const body = { ...read.body, name: 'Renamed' };
        const changed = await call('PUT', path, { body, headers: { 'if-match': etag } });
        t.equal(changed.status, 200);
        t.not(changed.headers.etag, etag);
        t.equal((await call('GET', path)).headers.etag, changed.headers.etag);
        const late = await call('PUT', path, { body, headers: { 'if-match': etag } });
        t.match(late, { ...problem('precondition-failed'), status: 412 });
        t.equal((await call('PUT', path, { body, headers: { 'if-match': '*' } })).status, 200);
      });
    }

    t.test('of two instances that write over one ETag, one wins', async (t) => {
      const { body, headers } = await call('GET', '/tiers/business');
      const ifMatch = { headers: { 'if-match': String(headers.etag) } };
      const answers = await Promise.all(
        [call, other.call, call, other.call].map((one, i) =>
          one('PUT', '/tiers/business', { body: { ...body, name: `Writer ${i}` }, ...ifMatch }),
        ),
      );
      t.strictSame(answers.map((answer) => answer.status).sort(), [200, 412, 412, 412]);
    });

    t.test('a policy may name an operation that another instance has just made', async (t) => {
      await other.call('PUT', '/operations/speech', { body: { name: 'Speech', price: 3 } });
      const { body } = await call('GET', '/tiers/professional');
      const policies = [{ operation: 'speech', limit: 5, windowSeconds: 60 }];
      t.equal((await call('PUT', '/tiers/professional', { body: { ...body, policies } })).status, 200);
    });

    t.test('faults of a tier are 400 and named', async (t) => {
      const { body } = await call('GET', '/tiers/professional');
      const policy = { operation: '*', limit: 10, windowSeconds: 60 };
      const faults: [string, object][] = [
        ['policies[0].operation', { policies: [{ ...policy, operation: 'nobody' }] }],
        ['policies[1]', { policies: [policy, { ...policy, limit: 20 }] }],
        ['policies[0].limit', { policies: [{ ...policy, limit: 0 }] }],
        ['policies[0].windowSeconds', { policies: [{ ...policy, windowSeconds: 2_592_001 }] }],
        ['prices[1].currency', { prices: [0, 1].map((amount) => ({ currency: 'RUB', amount })) }],
        ['prices[0].currency', { prices: [{ currency: 'rub', amount: 1 }] }],
        ['monthlyTokens', { monthlyTokens: 1e12 + 1 }],
        ['overdraft', { overdraft: -1 }],
        ['maxOpenReservations', { maxOpenReservations: '3' }],
        ['position', { position: 1.5 }],
        ['extra', { extra: true }],
        ['features', { features: undefined }],
      ];
      for (const [field, change] of faults) {
        const answer = await call('PUT', '/tiers/professional', { body: { ...body, ...change } });
        t.equal(answer.status, 400, field);
        t.match(answer.body, { code: 'invalid-request', errors: [{ field }] });
      }
      t.strictSame(
        (await call('GET', '/tiers/professional')).body.prices,
        body.prices,
        'nothing was written',
      );
    });
  });
}
