/**
 * `npm run rooms`: writes docs/images/rooms.svg, the picture in ARCHITECTURE.md. A test compares it with the code, so
 * it cannot grow old. Arrows point from the importer to what is imported, with the number of imports; all of them down,
 * but for the one from the stores up to the ports. What every room may know (the files right in domain/, the ports) is
 * not drawn, nor is an arrow that a longer way down makes plain.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readArrows } from './read-rooms.mjs';

const PICTURE = new URL('../../docs/images/rooms.svg', import.meta.url);
const [BOX_WIDTH, BOX_HEIGHT, WIDTH, FLOOR] = [130, 34, 720, 74];
const KNOWN_TO_ALL = ['domain', 'domain/ports'];
const HOUSES = ['start', 'http', 'jobs', 'readers', 'console', 'domain', 'stores'];

/** Where each room stands: [floor, middle in px]. */
const PLACES = {
  start: [0, 360],
  http: [1, 110],
  jobs: [1, 275],
  readers: [1, 440],
  console: [1, 605],
  'domain/keys': [2, 600],
  'domain/payments': [2, 360],
  'domain/tokens': [2, 140],
  'domain/limits': [3, 140],
  'domain/usage': [3, 600],
  'domain/users': [4, 140],
  'domain/events': [4, 600],
  webhooks: [1, 140],
  'domain/webhooks': [5, 140],
  'domain/moving': [4, 360],
  'domain/keeping': [6, 140],
  'domain/account': [5, 360],
  'domain/audit-log': [5, 580],
  'domain/refusals': [5, 140],
  'domain/promo': [2, 260],
  'domain/plan': [6, 360],
  'domain/catalogue': [7, 360],
  'stores/redis': [12, 630],
  'stores/memory': [13, 630],
  'stores/files': [13, 110],
  'stores/postgres/ledger': [9, 110],
  'stores/postgres/events': [11, 110],
  'stores/postgres/webhooks': [8, 240],
  'stores/postgres/exports': [8, 400],
  'stores/postgres/keeping': [9, 400],
  'stores/postgres/moving': [8, 90],
  'stores/postgres/users': [10, 85],
  'stores/postgres/catalogue': [10, 345],
  'stores/postgres/keys': [10, 485],
  'stores/postgres/readers': [8, 560],
  'stores/postgres/clock': [10, 625],
  'stores/postgres/audit-log': [11, 360],
  'stores/postgres/refusals': [11, 500],
  'stores/postgres/promo': [10, 220],
  'stores/postgres/driver': [12, 360],
  'stores/postgres/schema': [13, 360],
};
const HEIGHT = 14 * FLOOR;

export function drawRooms(arrows = readArrows()) {
  const unplaced = arrows
    .flatMap(({ from, to }) => [from, to])
    .filter((room) => !PLACES[room] && !KNOWN_TO_ALL.includes(room));
  if (unplaced.length > 0)
    throw new Error(`${unplaced[0]} has no place in the picture: give it one in PLACES`);
  const inside = arrows.filter(
    ({ from, to }) => PLACES[from] && PLACES[to] && from.split('/')[0] === to.split('/')[0],
  );
  const drawn = [
    ...withoutShortcuts(inside),
    ...arrows.filter(({ from, to }) => from === 'start' && PLACES[to]?.[0] === 1),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img" aria-labelledby="title">
<title id="title">The rooms of the service and who imports whom</title>
<style>
svg { background: #fff } rect { fill: #f4f6f8; stroke: #57606a } text { fill: #1f2328; text-anchor: middle }
path { fill: none; stroke: #8c959f; stroke-width: 1.3 } .note { fill: #57606a; font-size: 12px } .up { stroke: #cf222e; stroke-width: 2 }
.frame { fill: none; stroke-dasharray: 4 4 } .name { fill: #57606a; text-anchor: start }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117 } rect { fill: #161b22; stroke: #8b949e } text { fill: #e6edf3 } .note, .name { fill: #8b949e }
}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8" /></marker></defs>
${[frame('domain/', 2, 8), frame('stores/', 9, 13), betweenHouses(arrows), ports()].join('\n')}
${drawn.map(line).join('\n')}
${Object.entries(PLACES).map(box).join('\n')}
</svg>
`;
}

/** Leaves out an arrow whose target is reached over other rooms, too. */
function withoutShortcuts(arrows) {
  const targets = (room) => arrows.filter(({ from }) => from === room).map(({ to }) => to);
  const reaches = (room, goal, seen = new Set()) =>
    targets(room).some((next) => next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))));
  return arrows.filter(
    ({ from, to }) => !targets(from).some((next) => next !== to && reaches(next, to, new Set([from]))),
  );
}

/** Everything that http, jobs, readers, the console and stores take from the domain, as one arrow each. */
function betweenHouses(arrows) {
  const count = (house, other) =>
    arrows
      .filter(({ from, to }) => from.split('/')[0] === house && to.split('/')[0] === other)
      .reduce((sum, arrow) => sum + arrow.count, 0);
  const forbidden = [
    ['domain', 'http'],
    ['domain', 'jobs'],
    ['domain', 'readers'],
    ['domain', 'stores'],
    ['stores', 'http'],
    ['http', 'stores'],
    ['http', 'console'],
    ['domain', 'console'],
    ['console', 'stores'],
    ['jobs', 'stores'],
    ['stores', 'jobs'],
    ['readers', 'stores'],
    ['stores', 'readers'],
  ];
  const broken = forbidden.filter(([from, to]) => count(from, to) > 0).map((pair) => pair.join(' → '));
  const y = {
    below: top(1) + BOX_HEIGHT,
    domain: top(2) - 26,
    ports: top(8) + BOX_HEIGHT + 10,
    stores: top(9) - 26,
  };
  return [
    ...['http', 'jobs', 'readers', 'console'].map((house) => {
      const [, x] = PLACES[house];
      return arrow(x, y.below, x, y.domain, count(house, 'domain'));
    }),
    arrow(360, y.stores, 360, y.ports, count('stores', 'domain')),
    ...broken.map((text, i) => `<text class="name up" x="20" y="${14 + 16 * i}">${text}</text>`),
  ].join('\n');
}

const top = (floor) => 16 + floor * FLOOR;

function line({ from, to, count }) {
  const [[floorA, a], [floorB, b]] = [PLACES[from], PLACES[to]];
  const isDown = floorB > floorA;
  const shift = isDown ? 0 : 14;
  const [y1, y2] = isDown ? [top(floorA) + BOX_HEIGHT, top(floorB)] : [top(floorA), top(floorB) + BOX_HEIGHT];
  return arrow(a + shift, y1, b + shift, y2, count, isDown ? '' : ' class="up"');
}

const arrow = (x1, y1, x2, y2, count, mark = '') =>
  `<path d="M${x1} ${y1}L${x2} ${y2}" marker-end="url(#tip)"${mark} /><text class="note" x="${(x1 + x2) / 2 + 14}" y="${(y1 + y2) / 2 + 4}">${count}</text>`;

function box([name, [floor, middle]]) {
  const label = HOUSES.includes(name) ? name : name.split('/').at(-1);
  return `<rect x="${middle - BOX_WIDTH / 2}" y="${top(floor)}" width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="5" /><text x="${middle}" y="${top(floor) + 22}">${label}</text>`;
}

function frame(name, first, last) {
  const [y, height] = [top(first) - 24, (last - first) * FLOOR + BOX_HEIGHT + 34];
  return `<rect class="frame" x="10" y="${y}" width="${WIDTH - 20}" height="${height}" rx="8" /><text class="name" x="20" y="${y + 18}">${name}</text>`;
}

const ports = () =>
  `<rect x="40" y="${top(8)}" width="${WIDTH - 80}" height="${BOX_HEIGHT}" rx="5" /><text x="${WIDTH / 2}" y="${top(8) + 22}">ports: what the domain asks of the outside, as interfaces</text>`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PICTURE, drawRooms());
