/** The same calls as calls.lua makes, for generators that run in Node. */
import type { Call, Choice } from './load.js';

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  /** JSON; absent on a GET. */
  body?: string;
}

const SOME = 10_000;
const below = (n: number) => Math.floor(Math.random() * n);

/** A user's reference, a new choice at every call. */
export function userChooser(users: number, choice: Choice): () => string {
  if (choice === 'hot') return () => 'bench:1';
  if (choice === 'skewed') return () => `bench:${1 + below(below(5) === 0 ? 5 : users)}`;
  if (choice === 'some') return () => `bench:${(1 + below(SOME)) * Math.floor(users / SOME)}`;
  return () => `bench:${1 + below(users)}`;
}

const post = (path: string, body: object): Request => ({ method: 'POST', path, body: JSON.stringify(body) });

export const commitRequest = (reservationId: string): Request => post('/tokens/commit', { reservationId });

/** Makes the calls that need no earlier answer. A life begins with a reserve. */
export function requestMaker(call: Exclude<Call, 'commit'>, chooseUser: () => string): () => Request {
  const operation = 'chatgpt_message';
  switch (call) {
    case 'reserve':
    case 'life':
      return () => post('/tokens/reserve', { user: chooseUser(), operation, ttlSeconds: 86_400 });
    case 'reserve-limits':
      return () =>
        post('/tokens/reserve', { user: chooseUser(), operation, ttlSeconds: 86_400, checkLimits: true });
    case 'check':
      return () => post('/limits/check', { user: chooseUser(), operation });
    case 'balance':
      return () => ({ method: 'GET', path: `/users/${chooseUser()}/balance` });
  }
}
