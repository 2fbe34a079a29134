import t from 'tap';
import { Backoff, backoffMs } from '../src/backoff.js';

const LIMITS = { firstMs: 100, longestMs: 450 };

t.test('each pause may be twice the one before, up to the longest; half of it is chance', async (t) => {
  const pauses = (random: () => number) => {
    const backoff = new Backoff(LIMITS, random);
    return [1, 2, 3, 4, 5].map(() => backoff.nextMs());
  };
  t.same(
    pauses(() => 1),
    [100, 200, 400, 450, 450],
  );
  t.same(
    pauses(() => 0),
    [50, 100, 200, 225, 225],
  );
  t.equal(
    backoffMs(LIMITS, 5_000, () => 1),
    450,
    'after any number of failures',
  );
});

t.test('what the other side asked for is waited, also past the longest', async (t) => {
  const backoff = new Backoff(LIMITS, () => 1);
  t.equal(backoff.nextMs(7_000), 7_000);
  t.equal(backoff.nextMs(1), 200, 'but never less than without');
});

t.test('after a success it begins again', async (t) => {
  const backoff = new Backoff(LIMITS, () => 1);
  backoff.nextMs();
  backoff.nextMs();
  backoff.reset();
  t.equal(backoff.nextMs(), 100);
});

t.test('the tries are bounded, by number and by time', async (t) => {
  const few = new Backoff({ firstMs: 1, longestMs: 1, attempts: 3 });
  t.same([await few.wait(), await few.wait(), await few.wait()], [true, true, false]);
  const brief = new Backoff({ firstMs: 1, longestMs: 1, patienceMs: 60_000 });
  t.equal(await brief.wait(), true);
  t.equal(await brief.wait(60_001), false, 'told at once, not waited for');
});

t.test('a pause ends when it is aborted', async (t) => {
  const stop = new AbortController();
  const waiting = new Backoff({ firstMs: 3_600_000, longestMs: 3_600_000 }).wait(0, stop.signal);
  stop.abort();
  await t.rejects(waiting, { name: 'AbortError' });
});
