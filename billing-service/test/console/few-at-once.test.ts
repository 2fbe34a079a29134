import t from 'tap';
import { FewAtOnce } from '../../src/console/few-at-once.js';
import { OverloadedError } from '../../src/domain/ports/unavailable-error.js';

t.test('two work, the others wait in order, and one too many is told so', async (t) => {
  const turns = new FewAtOnce(2, 2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (name: number) => () => {
    begun.push(name);
    return new Promise<number>((resolve) => ends.push(() => resolve(name)));
  };
  const answers = [1, 2, 3, 4].map((name) => turns.run(work(name)));
  t.strictSame(begun, [1, 2]);
  await t.rejects(turns.run(work(5)), OverloadedError);
  for (const [i, answer] of answers.entries()) {
    ends[i]?.();
    t.equal(await answer, i + 1);
  }
  t.strictSame(begun, [1, 2, 3, 4]);
});

t.test('work that fails gives its turn on', async (t) => {
  const turns = new FewAtOnce(1, 1);
  const failed = turns.run(() => Promise.reject(new Error('away')));
  const next = turns.run(async () => 'done');
  await t.rejects(failed, { message: 'away' });
  t.equal(await next, 'done');
});

t.test('whose time was over while they waited gets nothing done', async (t) => {
  const turns = new FewAtOnce(1, 2);
  let end = () => {};
  const first = turns.run(() => new Promise<void>((resolve) => (end = resolve)));
  let isOver = false;
  const late = turns.run(
    async () => t.fail('begun'),
    () => isOver,
  );
  const other = turns.run(async () => 'done');
  isOver = true;
  end();
  await first;
  await t.rejects(late, { name: 'OverloadedError', kind: 'late' });
  t.equal(await other, 'done', 'and the turn is handed on');
});
