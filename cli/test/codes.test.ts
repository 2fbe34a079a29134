/** Promo codes are made to be handed out: one a line, and nothing else on stdout. */
import t from 'tap';
import { runFarebox } from './support/run-farebox.js';
import { startTown } from './support/town.js';

t.setTimeout(300_000);
const town = await startTown(t);
const here = { url: town.url, key: town.adminKey };

t.test('codes that are made can be redeemed, are listed with their uses, and end', async (t) => {
  const made = await runFarebox(
    ['codes', 'create', '50', '--count', '3', '--expires', '30d', '--reason', 'autumn'],
    here,
  );
  t.same([made.code, made.stderr], [0, '']);
  const codes = made.stdout.trim().split('\n');
  t.equal(codes.length, 3);
  await town.call('POST', '/promo-codes/redeem', { user: 'web:ada', code: codes[0] });
  const listed = await runFarebox(['codes'], here);
  t.match(listed.stdout, new RegExp(`${codes[0]} +50 +1 of 1 `));
  t.match(listed.stdout, new RegExp(`${codes[1]} +50 +0 of 1 `));
  t.equal((await runFarebox(['codes', 'delete', codes[1] as string, '--reason', 'leaked'], here)).code, 0);
  const again = await runFarebox(['codes', 'delete', codes[1] as string, '--reason', 'leaked'], here);
  t.equal(again.code, 1, 'it is gone');
});
