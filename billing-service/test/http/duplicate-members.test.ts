import fc from 'fast-check';
import t from 'tap';
import { duplicateMember } from '../../src/http/duplicate-member.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';
import { optional } from '../support/test-environment.js';

const seed = Number(optional('FC_SEED') ?? 20261127);

t.test('a member that is named twice is refused by its name, and nothing happens', async (t) => {
  const { app, call } = await testApp(t);
  const reserve = async (payload: string) => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/tokens/reserve', headers, payload });
    return { status: answer.statusCode, body: answer.json() };
  };
  const cases: [body: string, field: string][] = [
    ['"amount":1,"amount":2', 'amount'],
    ['"amount":1 , "\\u0061mount" : 1', 'amount'],
    ['"metadata":{"a":{"b":1,"c":"}","b":{}}}', 'metadata.a.b'],
    ['"metadata":{"a":[{},[1,{"x\\"":1,"x\\"":2}]]}', 'metadata.a[1][1].x"'],
    ['"metadata":{"\\\\":":","\\\\":2}', 'metadata.\\'],
    ['"metadata":{"__proto__":1,"__proto__":2}', 'metadata.__proto__'],
  ];
  for (const [members, field] of cases) {
    const answer = await reserve(`{"user":"web:twice","operation":"chatgpt_message",${members}}`);
    t.match(answer, { status: 400, body: { errors: [{ field, message: 'is named twice' }] } }, members);
  }
  t.equal((await call('GET', '/users/web:twice')).status, 404);
});

t.test('whatever the JSON, what is named twice is found, and nothing else', (t) => {
  const nested = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('1', 'null', '"a"', '":"', '"\\\\"', '"{\\"b\\":"', '[]', '{}'),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' , ')}]`),
      fc
        .array(fc.tuple(fc.constantFrom('"a"', '"b"', '"\\u0062"', '"\\""', '":"'), tie('value')), {
          maxLength: 3,
        })
        .map((members) => `{${members.map(([name, value]) => `${name}\n:${value}`).join(',')}}`),
    ),
  })).value as fc.Arbitrary<string>;
  fc.assert(
    fc.property(nested, (text) => {
      const found = duplicateMember(text, JSON.parse(text)) !== undefined;
      if (found !== hasTwice(text)) throw new Error(`${found ? 'found' : 'missed'} in ${text}`);
    }),
    { seed, numRuns: 2000 },
  );
  t.end();
});

/** The slow and plain way: an object parsed member by member. */
function hasTwice(text: string): boolean {
  let at = 0;
  const space = () => {
    while (' \n'.includes(text[at] ?? 'x')) at += 1;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const value = (): boolean => {
    space();
    const opening = text[at];
    if (opening === '"') string();
    else if (opening !== '{' && opening !== '[') while (/[a-z0-9]/.test(text[at] ?? '')) at += 1;
    if (opening !== '{' && opening !== '[') return false;
    const names: string[] = [];
    let inside = false;
    for (at += 1, space(); text[at] !== '}' && text[at] !== ']'; space()) {
      if (text[at] === ',') at += 1;
      space();
      if (opening === '{') names.push(string());
      space();
      if (opening === '{') at += 1;
      inside = value() || inside;
    }
    at += 1;
    return inside || new Set(names).size < names.length;
  };
  return value();
}
