/** What people see: columns that stand, figures, times, colours, progress. */
import t from 'tap';
import { timeOf } from '../src/input/time-of.js';
import { bytes, duration, money, signed } from '../src/output/figures.js';
import { LocalTimes } from '../src/output/local-times.js';
import { Paint } from '../src/output/paint.js';
import { progressLine } from '../src/output/progress-bar.js';
import { table } from '../src/output/table.js';
import type { Terminal } from '../src/output/terminal.js';
import { cutTo, harmless, textWidth } from '../src/output/text-width.js';

const terminal = (width?: number) => ({ width, paint: new Paint(false) }) as unknown as Terminal;
const COLUMNS = [
  { title: 'name', of: ([name]: [string, string, string]) => name },
  { title: 'n', right: true as const, of: ([, n]: [string, string, string]) => n },
  { title: 'why', of: ([, , why]: [string, string, string]) => why },
];

t.test('columns stand below each other, wide letters and all; an empty one is left out', async (t) => {
  const rows: [string, string, string][] = [
    ['ada', '1', ''],
    ['日本', '1,000', ''],
  ];
  t.same(table(terminal(), rows, COLUMNS), ['name      n', 'ada       1', '日本  1,000']);
});

t.test('on a narrow screen the last column is cut, and says so', async (t) => {
  const lines = table(terminal(20), [['ada', '1', 'a very long reason indeed']], COLUMNS);
  t.same(lines, ['name  n  why', 'ada   1  a very lon…']);
  t.ok(lines.every((line) => textWidth(line) <= 20));
});

t.test('a stranger’s text moves no cursor and turns no line', async (t) => {
  t.equal(harmless('a\u001b[2Jb\nc\u202ed'), 'a·[2Jb·c·d');
  t.equal(cutTo('日本語', 4), '日…');
});

t.test('figures are as people write them', async (t) => {
  t.same([signed(1_050), signed(-50), signed(0)], ['+1,050', '-50', '0']);
  t.same(
    [money(199_000, 'RUB'), money(1_000, 'XTR'), money(500, 'JPY')],
    ['1,990.00 RUB', '1,000 XTR', '500 JPY'],
  );
  t.same([duration(5), duration(90), duration(3_600), duration(7_500)], ['5 s', '2 min', '1 h', '2 h 5 min']);
  t.same([bytes(12), bytes(1_234), bytes(45_600_000)], ['12 B', '1.2 KB', '46 MB']);
});

t.test('times are those on the wall, with the zone’s name, across a change of the clocks', async (t) => {
  const times = new LocalTimes('Europe/Berlin');
  t.equal(times.full('2026-07-01T22:30:00Z'), '2026-07-02 00:30 CEST');
  t.equal(times.full('2026-12-31T23:30:00Z'), '2027-01-01 00:30 CET');
  t.equal(times.heading('when'), 'when (Europe/Berlin)');
});

t.test('a time may be typed as a day, a time of day, or a span', async (t) => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const read = (text: string, direction: 'ago' | 'ahead' = 'ago') =>
    timeOf(text, direction, now)?.toISOString();
  t.equal(read('7d'), '2026-11-21T12:00:00.000Z');
  t.equal(read('2h', 'ahead'), '2026-11-28T14:00:00.000Z');
  t.equal(read('2026-11-01T10:00:00Z'), '2026-11-01T10:00:00.000Z');
  t.equal(read('2026-11-01'), new Date(2026, 10, 1).toISOString(), 'midnight on the wall');
  for (const bad of ['', 'soon', '2026-13-01', '7', '2026-11-01T10']) t.equal(read(bad), undefined, bad);
});

t.test('progress tells how far it is and what is left, once that can be told', async (t) => {
  t.equal(progressLine('users', { done: 1_200 }, 3_000), 'users  1,200  3 s');
  t.equal(
    progressLine('entries', { done: 5_000, bytes: 1_000_000, share: 0.25 }, 10_000),
    `entries  [${'█'.repeat(5)}${'·'.repeat(15)}]  25 %  5,000  1.0 MB  30 s left`,
  );
  t.match(progressLine('entries', { done: 5, share: 0.5 }, 100), '0 s', 'too early to tell');
});

t.test('no colours where they are not wanted', async (t) => {
  t.equal(new Paint(false).red('x'), 'x');
  t.equal(new Paint(true).red('x'), '\u001b[31mx\u001b[39m');
});
