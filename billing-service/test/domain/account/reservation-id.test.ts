import t from 'tap';
import {
  decodeReservationId,
  encodeReservationId,
  nextReservationUuid,
} from '../../../src/domain/account/reservation-id.js';

const UUID = '019aada7-1680-7000-b327-478eca9edd82';

t.test('an id that was given out once stands for the same reservation for good', async (t) => {
  const given: [string, number, string][] = [
    ['rsv_AAAAAAAABNIBmq2nFoBwALMnR47Knt2C', 1234, UUID],
    ['rsv_AB_______-8BmyZpPgD__4AAAAAAAAAA', 2 ** 53 - 17, '019b2669-3e00-ffff-8000-000000000000'],
    ['rsv_AAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAA', 2 ** 32, '00000000-0000-0000-0000-000000000000'],
  ];
  for (const [text, userId, id] of given) {
    t.equal(encodeReservationId(userId, id), text);
    t.strictSame(decodeReservationId(text), { userId, id });
  }
});

t.test('every bit of a user and of a uuid comes back', async (t) => {
  for (let bit = 0; bit < 53; bit++) {
    const userId = 2 ** bit;
    t.strictSame(decodeReservationId(encodeReservationId(userId, UUID)), { userId, id: UUID }, `bit ${bit}`);
  }
  for (let i = 0; i < 64; i++) {
    const id = nextReservationUuid(1_763_850_000_000 + i * 7_919);
    t.strictSame(decodeReservationId(encodeReservationId(i + 1, id)), { userId: i + 1, id });
  }
});

t.test('no other text is an id', async (t) => {
  const good = encodeReservationId(1234, UUID);
  const others = [
    ...['', 'rsv_', good.slice(0, -1), `${good}A`, `${good}\n`, ` ${good}`, good.replace('rsv_', 'RSV_')],
    ...['+', '/', '=', '.', ' ', '\u0000', 'é', '\u0141', '\u{1F600}'].map(
      (c) => good.slice(0, -c.length) + c,
    ),
    // No user is number 0, and none has a number that JavaScript cannot count to.
    ...[`rsv_${'A'.repeat(32)}`, `rsv_${'_'.repeat(32)}`, `rsv_ACAAAAAAAAA${'A'.repeat(21)}`],
  ];
  for (const text of others) t.equal(decodeReservationId(text), null, JSON.stringify(text));
});

t.test('ids of one process grow, each a UUID v7 of its time', async (t) => {
  const now = 1_900_000_000_000;
  // More than one millisecond has numbers for, and a clock that falls back.
  const ids = Array.from({ length: 5_000 }, (_, i) => nextReservationUuid(i < 4_500 ? now : now - 1_000));
  t.strictSame(ids, [...new Set(ids)].sort(), 'in order, no two alike');
  t.ok(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)));
  t.equal(Number.parseInt((ids[0] as string).replace('-', '').slice(0, 12), 16), now);
});
