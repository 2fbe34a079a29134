import type { Scope } from '../domain/keys/api-key.js';
import type { Caller } from '../domain/keys/api-keyring.js';
import type { Api } from './api.js';
import type { ConsoleReply, ConsoleRequest } from './exchange.js';
import type { Formats, Locale } from './formats.js';
import type { Once } from './parts/once.js';
import type { Words } from './words/words.js';

/** In which language and time zone. */
export interface Look {
  locale: Locale;
  zone: string;
  words: Words;
  show: Formats;
}

/** One request of an operator who is signed in, with all that a page is drawn from. */
export interface Visit {
  request: ConsoleRequest;
  words: Words;
  show: Formats;
  api: Api;
  operator: Caller;
  once: Once;
  /** Goes into every form that writes. */
  csrf: string;
  /** The service's time, in ms. */
  now: number;
}

export type PageHandler = (visit: Visit, names: string[]) => Promise<ConsoleReply>;

/** What a key's scopes do not allow is not shown; the API refuses it, too. */
export const may = ({ operator }: Visit, scope: Scope): boolean =>
  operator.scopes.has('admin') || operator.scopes.has(scope);

export const hrefOf = (...path: string[]): string => `/console/${path.map(encodeURIComponent).join('/')}`;
