/** No parameter, reference, metadata or header of a request reaches the log, whatever fails and at any level. */
import t from 'tap';
import { parse } from 'yaml';
import { buildApp } from '../../src/app.js';
import { createLog } from '../../src/create-log.js';
import { completeOpenApiYaml } from '../../src/http/docs/serve-docs.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { freshPostgres } from '../support/databases.js';
import { ADMIN_KEY, type Json, testApp } from '../support/test-app.js';

t.setTimeout(240_000);

interface Call {
  name: string;
  method: 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** Every call that writes, as its example has it; each text in it that is not a name of ours becomes a secret one. */
async function writingCalls(): Promise<Call[]> {
  const document = parse(await completeOpenApiYaml()) as Json;
  return Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'get')
      .map(([method, operation]) => {
        const parameters: Json[] = (operation.parameters ?? []).map((p: Json) =>
          p.$ref ? document.components.parameters[p.$ref.split('/').at(-1)] : p,
        );
        const url = parameters
          .filter((p) => p.in === 'path')
          .reduce((u, { name, example }) => u.replace(`{${name}}`, encodeURIComponent(example)), path);
        const [[type, content] = []] = Object.entries<Json>(operation.requestBody?.content ?? {});
        const body = content && marked(JSON.stringify(content.example));
        const takesKey = parameters.some((p) => p.name === 'Idempotency-Key');
        return {
          headers: {
            ...(type ? { 'content-type': type } : {}),
            ...(takesKey ? { 'idempotency-key': `secret-key-${operation.operationId}` } : {}),
          },
          name: operation.operationId,
          method: method.toUpperCase() as Call['method'],
          url: marked(url),
          body,
        };
      }),
  );
}

/** Who, why, which payment and what about it: all that could be a person's. */
function marked(text: string): string {
  return text
    .replaceAll(/demo(:|%3A)you/g, 'demo$1secret-user')
    .replaceAll(/("(?:reason|username|firstName|name|paymentId|note)":")[^"]*"/g, '$1secret-text"')
    .replaceAll(/"metadata":\{[^}]*\}/g, '"metadata":{"card":"secret-card"}');
}

/** From now on each write fails, with the row in the error's detail and its message. */
async function failWrites(database: Database, code: string): Promise<void> {
  await database.query(`create or replace function refuse_write() returns trigger language plpgsql as $$ begin
    raise exception 'no room' using errcode = '${code}', detail = row_to_json(new)::text; end $$`);
  const tables = await database.query<{ name: string }>(
    // A partition has its table's trigger.
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  for (const { name } of tables) {
    await database.query(`create or replace trigger refuse_write before insert or update on ${name}
      for each row execute function refuse_write()`);
  }
}

for (const [what, code] of Object.entries({
  'a full disk': '53100',
  'a broken rule': '23514',
  'a bug': 'XX000',
})) {
  t.test(`${what} fails each call that writes, and nothing of the call is in the log`, async (t) => {
    const store = await freshPostgres(t);
    const { services } = await testApp(t, { store });
    let log = '';
    const logger = createLog('trace', {
      write: (line) => {
        log += line;
      },
    });
    const app = await buildApp({ services, logger });
    t.teardown(() => app.close());
    const send = ({ method, url, body, headers }: Omit<Call, 'name'>) =>
      app.inject({
        ...{
          method,
          url,
          headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
        },
        ...(body === undefined ? {} : { payload: body }),
      });
    // Somebody is there, with tokens: then what fails is the write and not the question before it.
    const grant = { user: 'demo:secret-user', amount: 100, source: 'promo', reason: 'x' };
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'secret-key' };
    const post = (url: string, body: object) =>
      send({ method: 'POST', url, body: JSON.stringify(body), headers });
    await post('/tokens/grant', grant);
    const hold = { user: 'demo:secret-user', operation: 'chatgpt_message' };
    const { reservationId } = (await post('/tokens/reserve', hold)).json();
    await failWrites(await store.open(), code);

    const calls = await writingCalls();
    let failed = 0;
    for (const call of calls) {
      const url = call.url.replace(/rsv_\w+/, reservationId);
      const answer = await send({ ...call, url });
      // A batch answers 200, and each item has its own status.
      if (answer.statusCode >= 500 || /"status":5\d\d/.test(answer.body)) failed += 1;
      t.notMatch(answer.body, 'no room', `${call.name} says nothing of it either`);
    }
    t.ok(failed >= calls.length / 2, `${failed} of ${calls.length} calls failed`);
    t.match(log, `"code":"${code}"`, 'the log says what kind of failure it was');
    for (const secret of ['secret-', ADMIN_KEY, reservationId]) t.notOk(log.includes(secret), secret);
    t.notMatch(log, /[0-9a-f]{64}/, 'no key, no hash of one');
  });
}
