/** The client has a method for each call of openapi.yaml, and calls nothing else. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { BillingClient } from '../../src/billing/index.js';

/** From dist/ back to the sources. */
const ROOT = new URL('../../../../', import.meta.url);
/** Moves the clock of a service under test; no client's business. */
const LEFT_OUT = ['advanceTestClock'];

interface Operation {
  operationId: string;
  pattern: RegExp;
}

/** Those without a variable first: `/api-keys/me` is no key's id. */
function operations(): Operation[] {
  const { paths } = parse(readFileSync(new URL('openapi.yaml', ROOT), 'utf8')) as {
    paths: Record<string, Record<string, { operationId?: string }>>;
  };
  return Object.entries(paths)
    .sort(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{')))
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { operationId }]) => {
        const text = `^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '[^/?]+')}(\\?.*)?$`;
        return operationId === undefined ? [] : [{ operationId, pattern: new RegExp(text) }];
      }),
    );
}

async function recorder(t: Test): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.end('{"items":[]}\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

type Method = (...args: unknown[]) => unknown;

/** Every method of the client and of what hangs on it, but for what ends the client or never ends itself. */
function methodsOf(client: BillingClient): [string, () => unknown][] {
  const rooms = Object.values(client).filter((value) => value?.constructor?.name.endsWith('Calls'));
  return [client, ...rooms].flatMap((room: object) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(room))
      .filter((name) => !['constructor', 'close', 'follow'].includes(name))
      .map((name): [string, () => unknown] => [
        `${room.constructor.name}.${name}`,
        () => (Reflect.get(room, name) as Method).apply(room, name === 'read' ? ['a'] : ['a', 'b', 'c']),
      ]),
  );
}

t.test('each call of openapi.yaml has a method, and each method is a call of it', async (t) => {
  const { url, seen } = await recorder(t);
  const client = new BillingClient({ url, apiKey: 'k' });
  for (const [name, call] of methodsOf(client)) {
    const before = seen.length;
    const result = call();
    await ((result as AsyncGenerator).next?.() ?? result);
    t.ok(seen.length > before, `${name} asks the service`);
  }
  await client.close();
  const all = operations();
  const called = seen.map((line) => all.find(({ pattern }) => pattern.test(line))?.operationId ?? line);
  const wanted = all.map(({ operationId }) => operationId).filter((id) => !LEFT_OUT.includes(id));
  t.strictSame([...new Set(called)].sort(), wanted.sort());
});
