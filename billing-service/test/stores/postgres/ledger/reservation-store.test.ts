import t from 'tap';
import type { ReservationStatus } from '../../../../src/domain/account/reservation.js';
import { PostgresReservationReader } from '../../../../src/stores/postgres/ledger/reservation-store.js';
import { BOTH } from '../../../support/databases.js';

const ID = '019ab000-0000-7000-8000-000000000001';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: one past its end counts as expired, not as open, before anybody wrote that`, async (t) => {
    const database = await (await fresh(t)).open();
    await database.query('insert into accounts (user_id, reserved, front_left) values (7, 5, 20)');
    await database.query(
      `insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at)
       values (7, $1, 'web:a', 'chatgpt_message', 5, to_timestamp(1), to_timestamp(2))`,
      [ID],
    );
    const reader = new PostgresReservationReader(database);
    const ids = async (status: ReservationStatus | undefined, now: number) => {
      const found = await reader.list({ userId: 7, status, limit: 10, now });
      t.strictSame(found.balance, { available: 15, reserved: 5, total: 20 }, 'also where nothing is found');
      return found.reservations.map((reservation) => reservation.id);
    };
    t.strictSame(await ids('open', 1_999), [ID]);
    t.strictSame(await ids('expired', 1_999), []);
    t.strictSame(await ids('open', 2_000), [], 'its end is no longer in it');
    t.strictSame(await ids('expired', 2_000), [ID]);
    t.strictSame(await ids(undefined, 2_000), [ID]);
    t.equal(await reader.read(8, ID), null, 'only under its own user');
  });
}
