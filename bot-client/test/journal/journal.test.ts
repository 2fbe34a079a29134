import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { AppendLog } from '../../src/journal/append-log.js';
import { Journal } from '../../src/journal/journal.js';

const update = (id: number) => ({ update_id: id, message: { text: 'hi' } });

t.test('what was accepted and not finished comes back, in order, once', async (t) => {
  const folder = t.testdir();
  const first = await Journal.open(folder);
  t.equal(await first.accept(update(1)), true);
  t.equal(await first.accept(update(2)), true);
  t.equal(await first.accept(update(1)), false, 'a redelivery is recognised');
  await first.done(1);
  const second = await Journal.open(folder);
  t.same(second.unfinished(), [update(2)]);
  t.equal(await second.accept(update(1)), false, 'also after a restart');
  await first.close();
  await second.close();
});

t.test('planned work takes its update over: it is given back, not begun again', async (t) => {
  const folder = t.testdir();
  const first = await Journal.open(folder);
  await first.accept(update(5));
  const request = { user: 'telegram:1', operation: 'chatgpt_message' };
  await first.planned({ key: 'k', request, state: 'planned', note: { updateId: 5 } });
  await first.reserved('k', 'rsv_1');
  const second = await Journal.open(folder);
  t.same(second.unfinished(), []);
  t.match(second.open(), [{ key: 'k', state: 'reserved', reservationId: 'rsv_1' }]);
  await second.settled('k');
  t.same((await Journal.open(folder)).open(), []);
});

t.test(
  'a line cut short by a crash is dropped; a damaged one in the middle is not passed over',
  async (t) => {
    const folder = t.testdir();
    const journal = await Journal.open(folder);
    await journal.prefer('telegram:1', { lang: 'ru' });
    const path = join(folder, 'journal.jsonl');
    appendFileSync(path, '{"t":"prefers","us');
    const again = await Journal.open(folder);
    t.same(again.preferences('telegram:1'), { lang: 'ru' });
    await again.prefer('telegram:1', { hideCostLine: true });
    t.same((await Journal.open(folder)).preferences('telegram:1'), { lang: 'ru', hideCostLine: true });
    writeFileSync(path, `garbage\n${readFileSync(path, 'utf8')}`);
    await t.rejects(Journal.open(folder), /damaged at line 1/);
  },
);

t.test('compaction keeps the state and bounds the file', async (t) => {
  const path = join(t.testdir(), 'log.jsonl');
  const live = new Map<number, number>();
  const replay = ([key, value]: [number, number]) => live.set(key, value);
  const log = await AppendLog.open<[number, number]>(path, replay, () => [...live], {
    compactAtBytes: 2_000,
  });
  for (let n = 0; n < 1_000; n++) {
    live.set(n % 10, n);
    await log.append([n % 10, n]);
  }
  await log.close();
  t.ok(readFileSync(path).length < 3_000);
  const before = new Map(live);
  live.clear();
  await AppendLog.open<[number, number]>(path, replay, () => [...live]);
  t.same(live, before);
});
