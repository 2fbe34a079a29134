/** The audit log: one line for each operator's write, beside it in its transaction, and never touched again. */
import t, { type Test } from 'tap';
import { routes } from '../../src/http/routes.js';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';
import { ALWAYS, BY_HAND, OWN_USE, USER, type Write } from './audited-writes.js';

t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, services, keyWith } = await testApp(t, { store: await fresh(t) });
    const lines = async (query = ''): Promise<Json[]> =>
      (await call('GET', `/audit-log?limit=100${query}`)).body.items;
    const known: Record<string, string | undefined> = {};
    const filled = (text: string) =>
      text.replace(/:(key|hook|hold|other|code|gone)\b/, (_, name: string) => known[name] ?? '');

    const send = (route: string, write: Omit<Write, 'line' | 'refused'>, via?: string) =>
      call(route.split(' ')[0] as 'PUT', filled(write.path), {
        ...(write.body === undefined ? {} : { body: JSON.parse(filled(JSON.stringify(write.body))) }),
        headers: { ...write.headers, 'x-request-id': 'r-1', ...(via ? { 'x-farebox-via': via } : {}) },
      });

    const codesOf = ({ items }: Json): string[] => items.map(({ code }: Json) => code);

    /** Refused: no line. Done: one. Repeated: none. */
    const oneLine = async (t: Test, route: string, write: Write, via?: string) => {
      const { refused, repeats, line, ...good } = write;
      const before = await lines();
      if (refused) {
        const { status } = await send(route, { ...good, headers: {}, ...refused }, via);
        t.ok(status >= 400 && status < 500, `${route} refused: ${status}`);
        t.equal((await lines()).length, before.length, `${route} refused leaves none`);
      }
      const done = await send(route, good, via);
      t.ok(done.status < 300, `${route}: ${done.status} ${done.status < 300 ? '' : done.text}`);
      if (route === 'POST /api-keys') known.key = done.body.id;
      if (route === 'POST /webhooks') known.hook = done.body.id;
      if (route === 'POST /promo-codes') [known.code, known.gone] = codesOf(done.body);
      if (repeats) t.ok((await send(route, good, via)).status < 300, `${route} again`);
      const after = await lines();
      t.equal(after.length, before.length + 1, `${route} leaves one`);
      t.match(
        after[0],
        { ...line, actor: { apiKeyId: 'settings', name: 'ADMIN_API_KEY', via: via ?? 'api' } },
        route,
      );
      t.match(after[0], { requestId: 'r-1', action: operationOf(route), at: /Z$/ });
    };
    const operationOf = (route: string) =>
      routes(services).find(({ method, url }) => route === `${method} ${url}`)?.schema?.operationId;

    t.test('every call that writes is known here: as an operator’s, or as a user’s own use', async (t) => {
      const writes = routes(services).filter(({ method }) => method !== 'GET');
      for (const { method, url, config } of writes) {
        const route = `${method} ${url}`;
        const audited = route in ALWAYS ? 'always' : route in BY_HAND ? 'by-hand' : undefined;
        t.equal(config?.audited, audited, route);
        t.ok(audited || OWN_USE.includes(route), `${route} has its line in audited-writes.ts`);
      }
    });

    t.test('each operator’s write leaves one line: who, what, before, after', async (t) => {
      await call('PUT', '/users/web:taken', { body: {} });
      for (const [route, write] of Object.entries(ALWAYS)) {
        if (route.startsWith('POST /payments')) {
          await call('POST', '/payments', {
            body: { ...BY_HAND['POST /payments']?.body, paymentId: 'p1', product: { tokens: 50 } },
          });
        }
        if (route.startsWith('DELETE /users/:user/references')) {
          await call('POST', `/users/${USER}/references`, { body: { reference: 'web:left' } });
        }
        await oneLine(t, route, write);
      }
    });

    t.test('a user’s own use leaves one only by the console or the command line', async (t) => {
      const hold = async () => {
        const held = await call('POST', '/tokens/reserve', {
          body: { user: USER, operation: 'chatgpt_message' },
        });
        return held.body.reservationId;
      };
      known.hold = await hold();
      known.other = await hold();
      for (const [route, write] of Object.entries(BY_HAND)) {
        if (route !== 'POST /users/:user/references') await oneLine(t, route, write, 'console');
        else await oneLine(t, route, write, 'cli');
      }
      const before = await lines();
      await call('POST', '/tokens/refund', {
        body: {
          reservationId: (
            await call('POST', '/tokens/reserve', { body: { user: USER, operation: 'chatgpt_message' } })
          ).body.reservationId,
        },
        headers: { 'x-farebox-via': 'somebody' },
      });
      t.equal((await lines()).length, before.length, 'an unknown X-Farebox-Via is the API');
    });

    t.test('pages, newest first, and filters', async (t) => {
      const all = await lines();
      const paged: Json[] = [];
      let cursor = '';
      do {
        const page = (await call('GET', `/audit-log?limit=3${cursor}`)).body;
        paged.push(...page.items);
        cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
      } while (cursor);
      t.strictSame(paged, all);
      const some = async (query: string, keep: (line: Json) => boolean) => {
        const kept = all.filter(keep);
        t.ok(kept.length > 0 && kept.length < all.length, `${query} is a choice`);
        t.strictSame(await lines(`&${query}`), kept, query);
      };
      await some(`user=${USER}`, (line) => line.user === USER);
      await some('user=web:second', (line) => line.user === USER);
      await some('action=putTier', (line) => line.action === 'putTier');
      const { at } = all[1];
      await some(`from=${at}`, (line) => line.at >= at);
      await some(`to=${at}`, (line) => line.at < at);
      t.strictSame(await lines('&actor=settings'), all);
      t.strictSame([await lines('&actor=key_nobodys'), await lines('&user=web:nobody')], [[], []]);
      t.match(await call('GET', '/audit-log?cursor=x'), {
        status: 400,
        body: { errors: [{ field: 'cursor' }] },
      });
      t.match(await call('GET', '/audit-log?from=x'), { status: 400, body: { errors: [{ field: 'from' }] } });
    });

    t.test('why: the body says it, or else X-Farebox-Reason', async (t) => {
      const change = (reason: string) =>
        call('PUT', `/users/${USER}/tier`, {
          body: { tier: 'gift' },
          headers: { 'x-farebox-reason': reason },
        });
      t.equal((await change(encodeURIComponent('просила сама'))).status, 200);
      t.match((await lines())[0], { action: 'changeTier', reason: 'просила сама' });
      for (const reason of ['%E0%A4%A', '%0A', 'x'.repeat(501)]) {
        t.match(await change(reason), { status: 400, body: { errors: [{ field: 'X-Farebox-Reason' }] } });
      }
    });

    t.test('a key is named as it is called', async (t) => {
      const key = await keyWith('grants');
      await call('PUT', `/users/${USER}/tier`, { body: { tier: 'gift' }, key });
      t.match((await lines())[0], { actor: { name: 'test', apiKeyId: /^key_/ }, action: 'changeTier' });
    });
  });
}
