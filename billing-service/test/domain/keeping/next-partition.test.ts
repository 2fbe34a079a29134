/** There is always a place for the next entries: two partitions that none has come to, and a month's worth. */
import fc from 'fast-check';
import t from 'tap';
import { nextPartition } from '../../../src/domain/keeping/next-partition.js';

const NOW = Date.parse('2027-03-01T10:00:00Z');
const DAY_MS = 86_400_000;
const MILLION = 1_000_000;

t.test('a new service gets a million at a time, and two of them ahead', async (t) => {
  const fresh = { drawn: 0, end: MILLION, partitionsAhead: 0, earlier: null };
  t.equal(nextPartition(fresh, NOW), MILLION);
  t.equal(nextPartition({ ...fresh, end: 2 * MILLION, partitionsAhead: 1 }, NOW), MILLION);
  t.equal(nextPartition({ ...fresh, end: 3 * MILLION, partitionsAhead: 2 }, NOW), null);
  const burst = { drawn: 90_000, end: 3 * MILLION, partitionsAhead: 2, earlier: { id: 1, at: NOW - 1_000 } };
  t.equal(nextPartition(burst, NOW), null, 'its first minute tells nothing');
});

t.test('a partition is about a month at the pace of late', async (t) => {
  const busy = {
    ...{ drawn: 50 * MILLION, end: 60 * MILLION, partitionsAhead: 2 },
    earlier: { id: 49 * MILLION, at: NOW - 3 * DAY_MS },
  };
  t.equal(nextPartition(busy, NOW), null, 'ten millions are a month');
  t.equal(nextPartition({ ...busy, end: busy.end - 1 }, NOW), 10 * MILLION);
  t.equal(nextPartition({ ...busy, partitionsAhead: 1 }, NOW), 10 * MILLION);
  const rush = { ...busy, earlier: { id: 49 * MILLION, at: NOW - 200_000 } };
  t.equal(nextPartition(rush, NOW), 100 * MILLION, 'at most a hundred millions');
  const back = { ...busy, end: 51 * MILLION, earlier: { id: 49 * MILLION, at: NOW + DAY_MS } };
  t.equal(nextPartition(back, NOW), 100 * MILLION, 'also where the clock was put back');
});

t.test('whatever the pace, what is made suffices, and it is few', async () => {
  const pace = fc.integer({ min: 0, max: 50_000 });
  fc.assert(
    fc.property(fc.array(pace, { minLength: 20, maxLength: 200 }), (perSecond) => {
      const [ends, seen] = [[MILLION], [{ id: 0, at: NOW }]];
      let [drawn, now] = [0, NOW];
      for (const each of perSecond) {
        for (let made = 0; made < 4; made++) {
          const room = {
            ...{ drawn, end: ends.at(-1) ?? 0 },
            partitionsAhead: ends.slice(0, -1).filter((low) => low > drawn).length,
            earlier: drawn === 0 ? null : (seen.find(({ id }) => id >= drawn - MILLION) ?? null),
          };
          const size = nextPartition(room, now);
          if (size === null) break;
          ends.push(room.end + size);
        }
        drawn += 5 * each;
        now += 5_000;
        seen.push({ id: drawn, at: now });
        if (drawn >= (ends.at(-1) ?? 0)) return false;
      }
      return ends.length < 5 + drawn / MILLION;
    }),
  );
});
