/** What is read again is never older than what was there, and nobody waits for a read that stands still. */
import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { SerialReload } from '../../../../src/stores/postgres/driver/serial-reload.js';

const NEVER_MS = 10 ** 9;

/** Reads that stand still until the test ends them; `applied` is what came of them. */
function heldReload(t: Test) {
  const loads: { end(): Promise<void>; fail(): Promise<void> }[] = [];
  const applied: number[] = [];
  const reload = new SerialReload<number>({
    load: () =>
      new Promise((resolve, reject) => {
        const number = loads.length + 1;
        const then = (settle: () => void) => async () => {
          settle();
          await endOfTurn();
        };
        loads.push({
          end: then(() => resolve(number)),
          fail: then(() => reject(new Error(`load ${number}`))),
        });
      }),
    apply: (read) => applied.push(read),
    everyMs: NEVER_MS,
  });
  t.teardown(() => reload.close());
  const begun = async (count: number) => {
    while (loads.length < count) await sleep(10);
  };
  return { reload, loads, applied, begun };
}

t.setTimeout(60_000);
t.test('whoever asks while a read is on its way gets a later one, which all such share', async (t) => {
  const { reload, loads, applied } = heldReload(t);
  const first = reload.now();
  const [second, third] = [reload.now(), reload.now()];
  t.equal(loads.length, 1);
  await loads[0]?.end();
  await first;
  t.strictSame([loads.length, applied], [2, [1]]);
  await loads[1]?.end();
  await Promise.all([second, third]);
  t.strictSame([loads.length, applied], [2, [1, 2]]);
});

t.test(
  'a read that is stuck is flown past by one other, and what it brings in the end is too old',
  async (t) => {
    const { reload, loads, applied, begun } = heldReload(t);
    const stuck = reload.now();
    const second = reload.now();
    await begun(2);
    await loads[1]?.end();
    await second;
    t.strictSame(applied, [2], 'it did not wait for the first');

    const third = reload.now();
    t.equal(loads.length, 3, 'nor do later ones');
    const fourth = reload.now();
    await sleep(1_000);
    t.equal(loads.length, 3, 'one at most is flown past');
    await loads[0]?.end();
    await stuck;
    t.strictSame(applied, [2], 'the first had read before the second');
    t.equal(loads.length, 4, 'now the third is flown past');
    await loads[3]?.end();
    await fourth;
    await loads[2]?.end();
    await third;
    t.strictSame(applied, [2, 4]);
  },
);

t.test('a read that fails is told to those who wait for it, and is followed by the next', async (t) => {
  const { reload, loads, applied } = heldReload(t);
  const first = reload.now();
  const second = reload.now();
  const failed = t.rejects(first, { message: 'load 1' });
  await loads[0]?.fail();
  await failed;
  await loads[1]?.end();
  await second;
  t.strictSame(applied, [2]);
});

t.test('where nobody waits, it is tried again until it works', async (t) => {
  const { reload, loads, applied, begun } = heldReload(t);
  reload.soon();
  for (let i = 0; i < 3; i++) {
    await begun(i + 1);
    await (i < 2 ? loads[i]?.fail() : loads[i]?.end());
  }
  t.strictSame(applied, [3]);
});
