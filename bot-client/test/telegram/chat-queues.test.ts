import t from 'tap';
import { ChatQueues } from '../../src/telegram/chat-queues.js';

/** A task that says when it begins and ends when it is let. */
function tasks() {
  const begun: string[] = [];
  const dropped: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) => ({
    run: () =>
      new Promise<void>((resolve) => {
        begun.push(name);
        ends.set(name, resolve);
      }),
    drop: () => void dropped.push(name),
  });
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { begun, dropped, task, end };
}

t.test('one chat in order, chats side by side, and no more at once than the cap', async (t) => {
  const { begun, task, end } = tasks();
  const queues = new ChatQueues(2);
  for (const name of ['a1', 'a2', 'b1', 'c1', 'd1']) t.ok(queues.add(name.charAt(0), task(name)));
  t.same(begun, ['a1', 'b1'], 'two at once, of two chats');
  await end('b1');
  t.same(begun, ['a1', 'b1', 'c1']);
  await end('a1');
  t.same(begun, ['a1', 'b1', 'c1', 'd1'], 'the chats that waited first, before the same chat again');
  await end('c1');
  t.equal(begun.at(-1), 'a2');
  t.equal(queues.size, 2);
});

t.test('a chat that floods is refused beyond its bound, and keeps nobody else out', async (t) => {
  const { begun, task } = tasks();
  const queues = new ChatQueues(10, 3);
  t.same(
    [1, 2, 3, 4].map((n) => queues.add('a', task(`a${n}`))),
    [true, true, true, false],
  );
  t.ok(queues.add('b', task('b1')));
  t.same(begun, ['a1', 'b1']);
});

t.test('what waits can be dropped; what runs cannot', async (t) => {
  const { begun, dropped, task, end } = tasks();
  const queues = new ChatQueues(1);
  for (const name of ['a1', 'a2', 'a3', 'b1']) queues.add(name.charAt(0), task(name));
  t.equal(queues.dropWaiting('a'), 2);
  t.equal(queues.dropWaiting('b'), 1);
  t.same(dropped, ['a2', 'a3', 'b1']);
  await end('a1');
  t.same(begun, ['a1']);
  t.equal(queues.size, 0);
});

t.test(
  'a held line keeps its order and is begun by release; its head can be dropped until then',
  async (t) => {
    const { begun, dropped, task, end } = tasks();
    const queues = new ChatQueues();
    queues.add('a', task('a1'), true);
    queues.add('a', task('a2'));
    queues.add('b', task('b1'), true);
    queues.add('c', task('c1'));
    t.same(begun, ['c1']);
    t.equal(queues.dropWaiting('b'), 1);
    t.same(dropped, ['b1']);
    queues.release();
    t.same(begun, ['c1', 'a1']);
    await end('a1');
    t.same(begun, ['c1', 'a1', 'a2']);
    await end('a2');
    await end('c1');
    t.ok(queues.empty);
  },
);

t.test('draining ends what runs and begins nothing more', async (t) => {
  const { begun, task, end } = tasks();
  const queues = new ChatQueues();
  queues.add('a', task('a1'));
  queues.add('a', task('a2'));
  let drained = false;
  const draining = queues.drain().then(() => {
    drained = true;
  });
  await new Promise(setImmediate);
  t.notOk(drained);
  await end('a1');
  await draining;
  t.same(begun, ['a1']);
});
