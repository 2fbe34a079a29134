import type { Test } from 'tap';
import { type Json, testApp } from './test-app.js';

/** As `insist`, of a single call: of fifty at once a busy machine may refuse some. */
async function inTime<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
}

/** A service, and how tests of batches call it. */
export async function batchApp(t: Test) {
  const { call, keyWith } = await testApp(t);
  let count = 0;
  const funded = async (amount: number, user = `web:u${++count}`) => {
    const body = { user, amount, source: 'promo', reason: 'test' };
    await inTime(() =>
      call('POST', '/tokens/grant', { body, headers: { 'idempotency-key': `fund ${user}` } }),
    );
    // What a new gift user has is not looked at here.
    const { available } = await balance(user);
    return { user, available };
  };
  const balance = async (user: string) => (await inTime(() => call('GET', `/users/${user}/balance`))).body;
  const batch = async (of: string, items: unknown, headers = {}) =>
    call('POST', `/${of}/batch`, { body: { items }, headers });
  /** As callers do: what a busy machine has no time for is sent again. */
  const insist = async (of: string, items: object[]): Promise<Json> => {
    const answer = await batch(of, items);
    const late = items.filter((_, i) => answer.body.items[i].status === 503);
    if (late.length === 0) return answer;
    const again = (await insist(of, late)).body.items;
    const whole = answer.body.items.map((item: Json) => (item.status === 503 ? again.shift() : item));
    return { ...answer, body: { items: whole } };
  };
  const statuses = (answer: Json) => answer.body.items.map(({ status }: Json) => status);
  return { call, keyWith, funded, balance, batch, insist, statuses };
}
