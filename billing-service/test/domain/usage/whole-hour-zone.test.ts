import t from 'tap';
import { wholeHourOffsets } from '../../../src/domain/usage/whole-hour-zone.js';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-06-01T00:00:00Z');
const year = (zone: string) =>
  wholeHourOffsets(zone, at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z'), NOW)?.map(
    ({ since, hours }) => [new Date(since).toISOString().slice(0, 13), hours],
  );

t.test('an offset holds from one moment to the next, to the hour', async (t) => {
  t.strictSame(year('UTC'), [['2026-01-01T00', 0]]);
  t.strictSame(year('Europe/Moscow'), [['2026-01-01T00', 3]]);
  t.strictSame(year('Europe/Berlin'), [
    ['2026-01-01T00', 1],
    ['2026-03-29T01', 2],
    ['2026-10-25T01', 1],
  ]);
  t.strictSame(
    year('America/New_York')?.map(([, hours]) => hours),
    [-5, -4, -5],
  );
});

t.test('stretches leave no moment out, and none is in two', async (t) => {
  const stretches = wholeHourOffsets('America/Santiago', 0, at('9999-01-01T00:00:00Z'), NOW) ?? [];
  t.ok(stretches.length > 10);
  t.equal(stretches[0]?.since, 0);
  for (const [i, { until }] of stretches.slice(0, -1).entries()) t.equal(stretches[i + 1]?.since, until);
  t.ok((stretches.at(-1)?.until ?? 0) > at('9999-01-01T00:00:00Z'));
});

t.test('null for a zone off by a part of an hour, even for a while, and for one that is none', async (t) => {
  for (const zone of ['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Middle/Earth'])
    t.equal(year(zone), undefined, zone);
  t.ok(wholeHourOffsets('Asia/Singapore', 0, NOW, NOW), 'what it was before any ledger does not count');
});

t.test('whichever moment is asked for, the change of the clocks is found', async (t) => {
  const change = at('2026-03-29T01:00:00Z');
  const week = 7 * 24 * 3_600_000;
  for (let minutes = -90; minutes <= 90; minutes += 30) {
    const near = change + minutes * 60_000;
    const found = [
      wholeHourOffsets('Europe/Berlin', near - week, near + week, NOW),
      wholeHourOffsets('Europe/Berlin', change - week, near, NOW),
      wholeHourOffsets('Europe/Berlin', change - 500 * 24 * 3_600_000, NOW, near - 400 * 24 * 3_600_000),
    ];
    const known = (stretches: (typeof found)[number]) =>
      (stretches ?? []).some(({ until }) => until === change);
    t.ok(known(found[0] ?? null), `a week about ${minutes} minutes from it`);
    t.equal(known(found[1] ?? null), minutes > -60, `until ${minutes} minutes from it`);
    t.equal(known(found[2] ?? null), minutes > -60, `what is known ${minutes} minutes from it`);
  }
});
