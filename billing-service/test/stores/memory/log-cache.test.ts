import t from 'tap';
import { LogCache } from '../../../src/stores/memory/log-cache.js';

const key = { operation: 1, high: 2, low: 3 };
const WINDOW_MS = 60_000;

function cache(maxLogs: number, maxRecords = 1000) {
  let losses = 0;
  const logs = new LogCache({ maxLogs, maxRecords }, () => {
    losses += 1;
  });
  return {
    logs,
    losses: () => losses,
    use: (user: number, now: number) => logs.open(user, now, WINDOW_MS).append(now, 1, key),
  };
}

t.test('a cache never holds more logs than its bound, and the longest untouched goes first', async (t) => {
  const { logs, use } = cache(3);
  for (const user of [1, 2, 3]) use(user, user);
  use(1, 4);
  use(4, 5);
  t.equal(logs.size, 3);
  t.same(
    [1, 2, 3, 4].map((user) => logs.find(user) !== undefined),
    [true, false, true, true],
  );
});

t.test('dead logs go first and unnoticed; losing a live one is told', async (t) => {
  const { logs, use, losses } = cache(2);
  use(1, 0);
  use(2, 0);
  use(3, WINDOW_MS);
  t.equal(losses(), 0);
  t.equal(logs.size, 1, 'two dead ones went for one new one');
  use(4, WINDOW_MS);
  use(5, WINDOW_MS);
  t.equal(losses(), 1);
});

t.test('the records of all logs together are bounded too', async (t) => {
  const { logs, use } = cache(100, 10);
  for (let i = 0; i < 10; i++) use(1, i);
  use(2, 10);
  t.equal(logs.find(1), undefined);
  t.equal(logs.size, 1);
});
