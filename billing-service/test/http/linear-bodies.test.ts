/** Whatever is in a body, four times as much of it is some four times the work: of reading it, and of refusing it. */
import t from 'tap';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

/** Four times the body: four times the work, or sixteen. Asked only of what takes long enough to be told. */
const MOST_GROWTH = 9;
const TELLING_US = 20_000;

/** Some that no quick glance passes: an escape is in all of them. */
const ESCAPED = '"\\u0041"';
const times = (length: number, piece: string) => piece.repeat(Math.floor(length / piece.length));
const list = (length: number, piece: (i: number) => string) =>
  Array.from({ length: Math.floor(length / piece(10_000).length) }, (_, i) => piece(i)).join(',');
const SHAPES: Record<string, (length: number) => string> = {
  brackets: (length) => `${times(length / 2, '[')}${ESCAPED}${times(length / 2, ']')}`,
  braces: (length) => `${times(length, '{"a":')}${ESCAPED}${'}'.repeat(length / 5)}`,
  'a text at each depth': (length) =>
    `${times(length, '{"a":"x","b":')}${ESCAPED}${'}'.repeat(Math.floor(length / 13))}`,
  'brackets, and the fault at the bottom': (length) =>
    `${times(length / 2, '[')}"\\ud800"${times(length / 2, ']')}`,
  'many names': (length) => `{${list(length, (i) => `"n${i}":${ESCAPED}`)}}`,
  'one name again and again': (length) => `{${list(length, () => `"a":${ESCAPED}`)}}`,
  'empty lists': (length) => `[${list(length, () => '[]')},${ESCAPED}]`,
  'long numbers': (length) => `[${list(length, () => '9'.repeat(307))},${ESCAPED}]`,
  backslashes: (length) => `"${times(length, '\\\\')}\\u0041"`,
  quotes: (length) => `"${times(length, '\\"')}\\u0041"`,
};

/** The longest that each call takes, but for what is around the shape. */
const CALLS: [path: string, longest: number, around: (shape: string) => string][] = [
  [
    '/tokens/reserve',
    15_000,
    (shape) => `{"user":"web:a","operation":"image_generation","metadata":${shape}}`,
  ],
  ['/tokens/reserve', 15_000, (shape) => `{"user":${shape}}`],
  ['/tokens/reserve/batch', 240_000, (shape) => `{"items":[{"metadata":${shape}}]}`],
  ['/tokens/reserve/batch', 240_000, (shape) => `{"items":${shape}}`],
  ['/api-keys/key_x', 15_000, (shape) => shape],
  ['/payments', 15_000, (shape) => `{"user":"web:a","product":${shape}}`],
  ['/tiers/x', 15_000, (shape) => `{"prices":[${shape}],"policies":${shape.length > 7_000 ? '[]' : shape}}`],
];

t.setTimeout(300_000);
t.test('no body is dearer than its length', async (t) => {
  const { app } = await testApp(t);
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const send = async (path: string, body: string): Promise<number> => {
    const method = path.startsWith('/tiers') ? 'PUT' : path.startsWith('/api-keys') ? 'DELETE' : 'POST';
    const answer = await app.inject({ method, url: path, payload: body, headers });
    return answer.statusCode;
  };
  const costOf = async (path: string, body: string): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const before = process.cpuUsage();
      await send(path, body);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, user + system);
    }
    return least;
  };
  for (const [path, longest, around] of CALLS) {
    for (const [name, shape] of Object.entries(SHAPES)) {
      const what = `${path}, ${around('…')}: ${name}`;
      const [short, long] = [longest / 4, longest].map((length) => around(shape(length))) as [string, string];
      const status = await send(path, long);
      t.ok(status < 500, `${what}: ${status}`);
      const us = await costOf(path, long);
      if (us < TELLING_US) continue;
      const growth = us / (await costOf(path, short));
      t.ok(growth < MOST_GROWTH, `${what}: ${Math.round(us)} µs, ${growth.toFixed(1)} times the quarter's`);
    }
  }
});
