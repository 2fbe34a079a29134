import fc from 'fast-check';
import t from 'tap';
import { toIso, toIsoOrNull } from '../../src/http/to-iso.js';

const dateWrites = (ms: number) => new Date(ms).toISOString();

t.test('a time is written as Date writes it', async (t) => {
  const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  const known = [0, 1, 9, 10, 99, 100, 999, 1000, 64_000, 128_001, Date.UTC(2028, 1, 29), latest, 1.5, -1];
  // Twice, since the second time it is not asked for again; and seconds that share a place take turns.
  for (const ms of [...known, ...known]) t.equal(toIso(ms), dateWrites(ms));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: latest }), fc.integer({ min: 0, max: 200_000 }), (ms, more) => {
      for (const time of [ms, Math.min(ms + more, latest)])
        if (toIso(time) !== dateWrites(time)) return false;
      return true;
    }),
  );
  t.throws(() => toIso(Number.NaN), RangeError);
  t.throws(() => toIso(9e15), RangeError);
  t.equal(toIsoOrNull(null), null);
});
