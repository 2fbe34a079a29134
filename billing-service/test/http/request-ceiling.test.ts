import t from 'tap';
import { RequestCeiling } from '../../src/http/hooks/request-ceiling.js';

t.test('a key has exactly its ceiling in a second, and is told when there is room again', async (t) => {
  let now = 10_000;
  const ceiling = new RequestCeiling(3, () => now);
  const ask = () => ceiling.excess('a');
  t.strictSame([ask(), ask(), ask()], [0, 0, 0]);
  t.equal(ask(), 1, 'the fourth is one too many');
  now += 999;
  t.equal(ask(), 1, 'as long as the second lasts');
  t.equal(ceiling.excess('b'), 0, 'of this key alone');
  now += 1;
  t.strictSame([ask(), ask(), ask(), ask()], [0, 0, 0, 1], 'then it has the whole again, and no more');
});

t.test('a second in which nobody called counts for nobody', async (t) => {
  let now = 0;
  const ceiling = new RequestCeiling(1, () => now);
  t.equal(ceiling.excess('a'), 0);
  now += 60_000;
  t.equal(ceiling.excess('a'), 0);
  now += 500;
  t.equal(ceiling.excess('a'), 1, 'the second begins with its first call');
});
