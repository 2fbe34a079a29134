/** The sweeper makes partitions before they are needed; entries of several of them are one ledger. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { LedgerRoom } from '../../src/domain/ports/ledger-room.js';
import { MakeRoom } from '../../src/jobs/make-room.js';
import { Sweeper } from '../../src/jobs/sweep.js';
import { LedgerPartitions } from '../../src/stores/postgres/keeping/ledger-partitions.js';
import { BOTH, freshPostgres } from '../support/databases.js';
import { SetClock } from '../support/farebox.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(120_000);

const MILLION = 1_000_000;
const clock = new SetClock(Date.parse('2027-03-01T10:00:00Z'));
const HOLD = { user: 'web:a', operation: 'chatgpt_message', amount: 3 };
const WHERE = `select tableoid::regclass::text as name, count(*) as count from entries group by 1 order by 1`;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(
    `${kind}: what one partition has no place for goes into the next, and is read with it`,
    async (t) => {
      const store = await fresh(t);
      const database = await store.open();
      const room = new LedgerPartitions(database);
      const { call } = await testApp(t, { store });
      const grant = { user: 'web:a', amount: 100, source: 'promo', reason: 'a test' };
      await call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': '1' } });
      t.match(await room.look(), { end: 3 * MILLION, partitionsAhead: 2 });
      const refunded: string[] = [];
      for (const last of [MILLION - 2, 2 * MILLION - 2, 3 * MILLION - 3]) {
        await database.query(`select setval('entries_id_seq', $1::bigint)`, [last]);
        for (let i = 0; i < 2; i++) {
          const { reservationId } = (await call('POST', '/tokens/reserve', { body: HOLD })).body;
          t.equal((await call('POST', '/tokens/commit', { body: { reservationId } })).status, 200);
          refunded.push(reservationId);
        }
        await new MakeRoom(room, clock, () => 0).runOnce();
      }
      const back = await call('POST', '/tokens/refund', { body: { reservationId: refunded[0] } });
      t.equal(back.status, 200, 'a charge of three partitions ago is refunded');
      t.match(await database.query(WHERE), [
        { name: 'entries_0' },
        { name: 'entries_1000000', count: 2 },
        { name: 'entries_2000000', count: 3 },
        { name: 'entries_3000000', count: 1 },
      ]);
      const listed = await call('GET', '/users/web:a/entries?limit=3');
      const rest = await call('GET', `/users/web:a/entries?cursor=${listed.body.nextCursor}`);
      const amounts = [...listed.body.items, ...rest.body.items].map(
        (item: { amount: number }) => item.amount,
      );
      t.same(amounts, [3, -3, -3, -3, -3, -3, -3, 100]);
      t.match((await call('GET', '/audit')).body, { entries: 8, mismatches: [] });
      const exported = (await call('GET', '/export/entries')).text.trim().split('\n');
      t.same(
        exported.map((line) => JSON.parse(line).amount),
        amounts.toReversed(),
      );
    },
  );
}

t.test('instances that make the next one at the same time make one', async (t) => {
  const store = await freshPostgres(t);
  const rooms = await Promise.all(
    Array.from({ length: 4 }, async () => new LedgerPartitions(await store.open())),
  );
  const [first] = rooms;
  await Promise.all(rooms.map((room) => room.add(3 * MILLION, MILLION)));
  t.match(await first?.look(), { end: 4 * MILLION, partitionsAhead: 3 });
  await first?.add(3 * MILLION, MILLION);
  t.match(await first?.look(), { end: 4 * MILLION }, 'not one that overlaps');
});

t.test('while the ledger is read for long, and written, the next one is made', async (t) => {
  const store = await freshPostgres(t);
  const [reader, writer, maker] = [await store.open(), await store.open(), await store.open()];
  const connection = await reader.own();
  await connection.query('begin');
  await connection.query('select count(*) from entries');
  await writer.transaction(async (tx) => {
    await tx.query(
      `insert into entries (user_id, kind, amount, balance_after, created_at) values (1, 'grant', 1, 1, now())`,
    );
    const room = new LedgerPartitions(maker);
    const added = room.add(3 * MILLION, MILLION).then(() => 'added');
    t.equal(await Promise.race([added, sleep(30_000, 'waits', { ref: false })]), 'added');
    t.match(await room.look(), { end: 4 * MILLION });
  });
  await connection.query('commit');
  await connection.close();
});

t.test('a room that cannot be made is told of, and keeps no account waiting', async (t) => {
  const store = await freshPostgres(t);
  const { services } = await testApp(t, { store });
  const errors: unknown[] = [];
  const away: LedgerRoom = {
    look: () => Promise.reject(new Error('away')),
    add: async () => {},
  };
  const sweeper = new Sweeper({
    ...{ ledger: services.ledger, clock, room: away, onError: (error: unknown) => errors.push(error) },
  });
  await sweeper.runOnce();
  t.match(errors, [/away/]);
  t.match(sweeper.state, { runs: 1, failures: 1, roomLeft: null });
});
