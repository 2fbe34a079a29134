/** Every rule of every request, broken in every way that a caller can think of: what is said is for people. */
import { AjvCompiler } from '@fastify/ajv-compiler';
import t from 'tap';
import { routes } from '../../src/http/routes.js';
import type { Finding } from '../../src/http/rule-in-words.js';
import type { Services } from '../../src/http/services.js';
import { AJV_OPTIONS, addKeywords, toFieldErrors } from '../../src/http/validation.js';

type Schema = { [keyword: string]: unknown };

const testClock = { advance: async () => 0 };
const requests = routes({ testClock } as unknown as Services).flatMap(({ schema = {} }) =>
  (['body', 'params', 'querystring', 'headers'] as const).flatMap((place) =>
    schema[place] ? [schema[place] as Schema] : [],
  ),
);

function* partsOf(name: string, schema: Schema): Generator<[string, Schema]> {
  yield [name, schema];
  for (const [member, part] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
    yield* partsOf(member, part);
  }
  for (const part of [schema.items ?? [], schema.anyOf ?? []].flat() as Schema[]) yield* partsOf(name, part);
}

const LONG = 'x'.repeat(70_000);
const MANY = Array.from({ length: 101 }, (_, i) => `a${i}`);
const WRONG: unknown[] = [null, true, {}, { a: LONG }, [], ['a', 'a'], MANY, 0, 0.5, -1e300, 1e300];
WRONG.push(
  '',
  'x',
  LONG,
  ' ',
  'A b',
  '\u0001',
  '-:',
  '2030-01-01',
  '1e1',
  '0',
  '99999999',
  '1969-01-01T00:00:00Z',
);

const NOT_FOR_PEOPLE = /[\^$\\{}<>]|\bNOT\b|pattern|schema|in range|is not valid|undefined|allowed forms/;
/** The forms of an object, by the names in them: `{tier, months, start?}`. */
const FORMS = /\{[a-zA-Z, ?]+\}/g;

t.test('every message says the rule in words, with its range in numbers', async (t) => {
  const compile = AjvCompiler()({}, { customOptions: AJV_OPTIONS, plugins: [addKeywords as never] });
  const told = new Map<string, Set<string>>();
  const rules = new Map<string, [string, Schema]>();
  for (const request of requests) {
    for (const part of partsOf('body', request)) rules.set(JSON.stringify(part), part);
  }
  for (const [name, rule] of rules.values()) {
    const schema = { type: 'object', properties: { [name]: rule } };
    const check = compile({ schema } as never) as ((data: unknown) => boolean) & { errors: Finding[] | null };
    for (const value of WRONG) {
      if (check({ [name]: value })) continue;
      for (const { field, message } of toFieldErrors(check.errors ?? [])) {
        told.set(message, (told.get(message) ?? new Set()).add(field));
        const range = [rule.minimum, rule.maximum].filter((bound) => bound !== undefined);
        if (field === name && message.includes('whole number'))
          t.ok(
            range.every((bound) => message.includes(String(bound))),
            `${name} ${message}`,
          );
      }
    }
  }
  for (const [message, fields] of told) {
    t.notOk(
      NOT_FOR_PEOPLE.test(message.replace(FORMS, '')),
      `${[...fields].slice(0, 3).join(', ')} ${message}`,
    );
  }
  t.ok(told.size > 25, `${told.size} rules were broken`);
});

t.test('the same rule broken twice is told once', async (t) => {
  const compile = AjvCompiler()({}, { customOptions: AJV_OPTIONS, plugins: [addKeywords as never] });
  const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1, maximum: 5 } } };
  const check = compile({ schema } as never) as ((data: unknown) => boolean) & { errors: Finding[] };
  check({ n: -0.5 });
  t.same(toFieldErrors(check.errors), [{ field: 'n', message: 'must be a whole number from 1 to 5' }]);
});
