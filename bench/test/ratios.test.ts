/** Figures from a noisy machine mean something only if they are combined correctly. */
import t from 'tap';
import { mostWithin } from '../limiter/worst-window.js';
import { memoryResults } from '../machine/memory-watch.js';
import { percentile } from '../report/percentile.js';
import { pairedRatio, spreadOf } from '../report/ratios.js';

t.test('a ratio is taken within each round, not between medians', async (t) => {
  // The machine was half as fast in the second round; the ratio was 2 in every one.
  t.same(pairedRatio([200, 100, 240], [100, 50, 120]), { median: 2, min: 2, max: 2 });
  t.same(pairedRatio([10, 30, 20], [10, 10, 10]), { median: 2, min: 1, max: 3 });
});

t.test('rounds without a partner are left out', async (t) => {
  t.same(pairedRatio([10, 20, 99], [10, 10]), { median: 1.5, min: 1, max: 2 });
  t.equal(pairedRatio([10], []), undefined);
});

t.test('the median of an even count lies between the middle two', async (t) => {
  t.same(spreadOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
  t.same(spreadOf([7]), { median: 7, min: 7, max: 7 });
});

t.test('a percentile is a value that was measured, and the slow end is not cut off', async (t) => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  t.equal(percentile(values, 0.5), 50);
  t.equal(percentile(values, 0.99), 99);
  t.equal(percentile(values, 1), 100);
  t.equal(percentile([3], 0.99), 3);
  t.equal(values[0], 100, 'the caller’s array keeps its order');
});

t.test('the worst window is found wherever it begins', async (t) => {
  t.equal(mostWithin([0, 1900, 1950, 2050, 2100, 5000], 2000), 4);
  t.equal(mostWithin([2000, 0], 2000), 1, 'what is a whole window old has left it');
  t.equal(mostWithin([], 2000), 0);
});

t.test('memory is judged by its last quarter against the third', async (t) => {
  const results = memoryResults([50, 120, 150, 150, 151, 151, 180, 160], 4, 1000);
  t.match(results, { startMb: 50, endMb: 160, maxMb: 180, thirdQuarterMb: 151, lastQuarterMb: 170 });
});
