import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

interface Counted {
  kind: string;
  tier: string | null;
  model: string | null;
  uncollected: number | null;
}

const COUNTED = `select e.kind, t.id as tier, m.name as model, e.uncollected from entries e
  left join tiers t on t.number = e.tier left join models m on m.number = e.model order by e.id`;

for (const [kind, open] of Object.entries(BOTH)) {
  t.test(`${kind}: an entry knows its tier and model`, async (t) => {
    const store = await open(t);
    const { call } = await testApp(t, { store });
    const database = await store.open();
    let users = 0;
    const start = async () => {
      const user = `web:${++users}`;
      const body = { user, amount: 100, source: 'promo', reason: 'test' };
      await call('POST', '/tokens/grant', { body, headers: { 'idempotency-key': 'start' } });
      return user;
    };
    const reserve = async (body: object) => {
      const answer = await call('POST', '/tokens/reserve', {
        body: { operation: 'chatgpt_message', ...body },
      });
      return answer.body.reservationId as string;
    };
    const commit = (body: object) => call('POST', '/tokens/commit', { body });
    const written = async (about: () => Promise<unknown>): Promise<Counted[]> => {
      const before = (await database.query<Counted>(COUNTED)).length;
      await about();
      return (await database.query<Counted>(COUNTED)).slice(before);
    };
    const charge = { kind: 'charge', uncollected: null };

    t.test('the hold’s, also after the user has changed to another tier', async (t) => {
      const user = await start();
      const reservationId = await reserve({ user, model: 'gpt-5' });
      const entries = await written(async () => {
        await call('PUT', `/users/${user}/tier`, { body: { tier: 'business' } });
        await commit({ reservationId });
        await call('POST', '/tokens/refund', { body: { reservationId, amount: 2 } });
      });
      t.strictSame(entries, [
        { kind: 'grant', tier: 'business', model: null, uncollected: null },
        { ...charge, tier: 'gift', model: 'gpt-5' },
        { ...charge, kind: 'refund', tier: 'gift', model: 'gpt-5' },
      ]);
    });

    t.test('held and charged on the slow path, the tier as it is now', async (t) => {
      const user = await start();
      await call('PUT', `/users/${user}/tier`, { body: { tier: 'professional' } });
      const entries = await written(async () => {
        await database.query(`update accounts set next_due_at = to_timestamp(0)`);
        const reservationId = await reserve({ user, model: 'claude', amount: 2_050 });
        await commit({ reservationId });
      });
      t.strictSame(entries, [{ ...charge, tier: 'professional', model: 'claude' }]);
    });

    t.test('none where none was said', async (t) => {
      const user = await start();
      const entries = await written(async () => commit({ reservationId: await reserve({ user }) }));
      t.strictSame(entries, [{ ...charge, tier: 'gift', model: null }]);
    });

    t.test('a commit may repeat the hold’s model, and name no other', async (t) => {
      const user = await start();
      const reservationId = await reserve({ user, model: 'gpt-5' });
      for (const model of ['claude', 'never heard of']) {
        const refused = await commit({ reservationId, model });
        t.match(refused, { status: 400, body: { code: 'invalid-request', errors: [{ field: 'model' }] } });
        t.match(refused.body.errors[0].message, 'its hold has gpt-5');
      }
      t.match(await commit({ reservationId, model: 'gpt-5' }), { status: 200 });
      t.match(await commit({ reservationId, model: 'gpt-5' }), { status: 200 }, 'again');
      t.match(await commit({ reservationId, model: 'claude' }), { status: 400 }, 'also afterwards');
      const none = await commit({ reservationId: await reserve({ user }), model: 'gpt-5' });
      t.match(none, { status: 400, body: { errors: [{ field: 'model' }] } });
    });

    t.test('what could not be charged is written, even where nothing could', async (t) => {
      const user = await start();
      const some = await reserve({ user, amount: 10 });
      const nothing = await reserve({ user, amount: 0 });
      const entries = await written(async () => {
        await commit({ reservationId: some, amount: 130 });
        await commit({ reservationId: nothing, amount: 7 });
      });
      t.strictSame(
        entries.map(({ uncollected }) => uncollected),
        [30, 7],
      );
      const { body } = await call('GET', `/users/${user}/entries`);
      t.match(
        body.items[0],
        { kind: 'charge', amount: -100, balanceAfter: 0, reservationId: some },
        'nothing moved',
      );
      t.match((await call('GET', '/audit')).body, { mismatches: [] });
    });

    t.test('a model that comes after a thousand others is counted as other', async (t) => {
      const user = await start();
      await database.query(
        `insert into models (name) select 'model ' || n from generate_series(1, 1000 - (select count(*) from models)) n`,
      );
      const reservationId = await reserve({ user, model: 'one too many' });
      const again = await reserve({ user, model: 'two too many' });
      const entries = await written(async () => {
        t.match(await commit({ reservationId, model: 'one too many' }), { status: 200 });
        t.match(await commit({ reservationId: again }), { status: 200 });
        t.match(await commit({ reservationId: again, model: 'two too many' }), { status: 200 }, 'again');
      });
      t.strictSame(
        entries.map(({ model }) => model),
        ['other', 'other'],
      );
      const [count] = await database.query<{ count: number }>('select count(*)::int from models');
      t.equal(count?.count, 1_000);
    });
  });
}
