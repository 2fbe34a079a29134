/** The service over a database, an endpoint in this process that answers as a test says, and what sends to it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { LONG_MS } from '../../../common/test/support/until.js';
import { AddressRule } from '../../src/domain/webhooks/addresses.js';
import { PostgresDeliveryQueue } from '../../src/stores/postgres/webhooks/delivery-queue.js';
import { DeliverWebhooks } from '../../src/webhooks/deliver-webhooks.js';
import { postWebhook } from '../../src/webhooks/post-webhook.js';
import { tellEvents } from '../readers/tell-events.js';
import { freshPglite, type TestDatabase } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

type Test = Parameters<typeof freshPglite>[0] & Parameters<typeof testApp>[0];

export interface Received {
  headers: Record<string, string>;
  text: string;
  body: Json;
}

export type Answer = (got: Received, reply: ServerResponse) => unknown;

export async function receiver(t: Test, answer: Answer = (_got, reply) => reply.end('ok')) {
  const got: Received[] = [];
  const server = createServer(async (request: IncomingMessage, reply) => {
    const text = await readText(request);
    const one = { headers: request.headers as Record<string, string>, text, body: JSON.parse(text) };
    got.push(one);
    answer(one, reply);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { got, url, ids: () => got.map(({ headers }) => headers['webhook-id']) };
}

/** Not before it is so, however busy the machine. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + LONG_MS; !(await isSo()); await sleep(20))
    if (performance.now() > end) throw new Error('it has not come to be so');
}

export async function hookApp(t: Test, store?: TestDatabase) {
  const own = store ?? (await freshPglite(t));
  const addresses = new AddressRule(['127.0.0.0/8']);
  const app = await testApp(t, { store: own, change: () => ({ addresses }) });
  const database = await own.open();
  const errors: unknown[] = [];
  const queue = new PostgresDeliveryQueue(database, app.clock, 'test');
  const deliver = new DeliverWebhooks({
    queue,
    clock: app.clock,
    post: (url, body, headers, signal) => postWebhook(url, body, headers, { addresses, signal }),
    onError: (error) => errors.push(error),
  });
  deliver.start();
  t.teardown(() => deliver.stop());
  const { call } = app;
  let grants = 0;
  return {
    ...app,
    ...{ deliver, queue, database, errors },
    tell: () => tellEvents(database, app.clock),
    /** Makes one event `tokens.granted` of the user. */
    happen: async (user: string, amount = 1) => {
      await call('POST', '/tokens/grant', {
        body: { user, amount, source: 'promo', reason: 'test' },
        headers: { 'idempotency-key': `grant-${grants++}` },
      });
    },
    hook: async (url: string, types: string[] | null = ['tokens.granted']): Promise<Json> =>
      (await call('POST', '/webhooks', { body: { url, types } })).body,
    deliveries: async (id: string, query = ''): Promise<Json[]> =>
      (await call('GET', `/webhooks/${id}/deliveries?${query}`)).body.items,
    pass: (seconds: number) => call('POST', '/test-clock', { body: { advanceSeconds: seconds } }),
  };
}
