/** The service over an embedded database, whose events are told when a test asks for them. */
import { KeepEvents } from '../../src/readers/keep-events.js';
import { PostgresEventKeeper } from '../../src/stores/postgres/readers/event-keeper.js';
import { tellEvents } from '../readers/tell-events.js';
import { freshPglite } from '../support/databases.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';

export const USER = 'web:told';
export const DAY_MS = 24 * 60 * 60 * 1000;

export async function toldApp(t: Parameters<typeof freshPglite>[0] & Parameters<typeof testApp>[0]) {
  const store = await freshPglite(t);
  const app = await testApp(t, { store });
  const database = await store.open();
  const keeper = new PostgresEventKeeper(database, app.services.catalogue);
  const keep = new KeepEvents({ keeper, clock: app.clock, onError: () => {} });
  const tell = () => tellEvents(database, app.clock);
  const events = async (query = ''): Promise<Json[]> => {
    await tell();
    return (await app.call('GET', `/events?${query}`)).body.items;
  };
  return { ...app, keep, tell, events };
}

export const grant = ({ call }: Pick<TestApp, 'call'>, body: object = {}) =>
  call('POST', '/tokens/grant', {
    body: { user: USER, amount: 12, source: 'promo', reason: 'test', ...body },
    headers: { 'idempotency-key': JSON.stringify(body) },
  });
