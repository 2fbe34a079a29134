/** An operation with rates, and calls about it. */
import type { Test } from 'tap';
import type { TestDatabase } from './databases.js';
import { type Json, testApp } from './test-app.js';

export const RATES = [
  { unit: 'input_tokens', model: null, price: 1, per: 1_000 },
  { unit: 'output_tokens', model: null, price: 4, per: 1_000 },
  { unit: 'output_tokens', model: 'gpt-5', price: 9, per: 1_000 },
];
export const UNITS = { input_tokens: 1_200, output_tokens: 300 };
export const LINES = [
  { unit: 'input_tokens', model: null, quantity: 1_200, price: 1, per: 1_000 },
  { unit: 'output_tokens', model: 'gpt-5', quantity: 300, price: 9, per: 1_000 },
];
/** 2 + ⌈1.2 + 2.7⌉ */
export const RECEIPT = { price: 2, quantity: 1, lines: LINES, total: 6, estimated: false };
export const CHAT = { units: UNITS, model: 'gpt-5' };

export async function ratedApp(t: Test, store: TestDatabase) {
  const database = await store.open();
  const { call, clock } = await testApp(t, { store });
  const put = (change: object = {}) =>
    call('PUT', '/operations/chat', { body: { name: 'Chat', price: 2, rates: RATES, ...change } });
  await put();
  let users = 0;
  const start = async (amount = 1_000) => {
    const user = `web:${++users}`;
    const body = { user, amount, source: 'promo', reason: 'test' };
    await call('POST', '/tokens/grant', { body, headers: { 'idempotency-key': 'start' } });
    return user;
  };
  const headers = (key?: string) => (key === undefined ? {} : { 'idempotency-key': key });
  const reserve = (user: string, body: object, key?: string) =>
    call('POST', '/tokens/reserve', { body: { user, operation: 'chat', ...body }, headers: headers(key) });
  const commit = (reservationId: string, body: object = {}, key?: string) =>
    call('POST', '/tokens/commit', { body: { reservationId, ...body }, headers: headers(key) });
  const hold = async (user: string, body: object): Promise<string> =>
    (await reserve(user, body)).body.reservationId;
  const read = async (id: string): Promise<Json> => (await call('GET', `/tokens/reservations/${id}`)).body;
  return { database, clock, call, put, start, reserve, commit, hold, read };
}
