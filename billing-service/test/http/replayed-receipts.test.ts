/** Receipts of answers that are given again. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { CHAT, ratedApp, UNITS } from '../support/rated-app.js';

t.setTimeout(240_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { commit, put, reserve, start } = await ratedApp(t, await fresh(t));

    t.test('replays are the first answer byte for byte, whatever the prices are by then', async (t) => {
      const user = await start();
      const firsts = [
        await reserve(user, { quantity: 2, ...CHAT }, 'hold'),
        await reserve(user, {}, 'plain'),
      ];
      const [id, plain] = firsts.map(({ body }) => body.reservationId as string) as [string, string];
      const commits = [
        await commit(id, { units: UNITS }, 'commit'),
        await commit(plain, { quantity: 3 }, 'three'),
      ];
      await put({ price: 9, rates: [] });
      await put();
      const again = [
        [await reserve(user, { quantity: 2, ...CHAT }, 'hold'), firsts[0]],
        [await reserve(user, {}, 'plain'), firsts[1]],
        [await commit(id, { units: UNITS }, 'commit'), commits[0]],
        [await commit(plain, { quantity: 3 }, 'three'), commits[1]],
        [await commit(id, { units: UNITS }), commits[0]],
        [await commit(plain, { amount: 6 }), commits[1]],
      ] as const;
      for (const [answer, first] of again) {
        t.equal(answer.text, first?.text);
        t.equal(answer.headers['idempotency-replayed'], 'true');
      }
      const reused = await commit(plain, { units: { seconds: 1 } }, 'three');
      t.match([reused.status, reused.body.code], [422, 'idempotency-key-reused'], 'whatever its units cost');
    });
  });
}
