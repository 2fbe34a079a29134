import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../domain/keys/api-keyring.js';
import type { ConsoleSessions } from '../domain/keys/console-sessions.js';
import { Api } from './api.js';
import { readAssets, sendAsset } from './assets.js';
import {
  type ApiAnswer,
  type ApiCall,
  type ConsoleReply,
  type ConsoleRequest,
  redirect,
} from './exchange.js';
import { answerFailure, awayPage, notFoundPage, staleForm } from './failures.js';
import { FewAtOnce } from './few-at-once.js';
import { Formats, ZONES } from './formats.js';
import { findPage } from './page-table.js';
import { signInPage } from './pages/sign-in.js';
import { useAssets } from './parts/layout.js';
import { Once } from './parts/once.js';
import { changeLook, SESSION_COOKIE, signIn, signOut } from './sessions.js';
import type { Look, Visit } from './visit.js';
import { preferredLocale, WORDS } from './words/words.js';

/** Of all operators at this instance together: each may need a connection to the database. */
const CALLS_AT_ONCE = 2;
const MAX_CALLS_WAITING = 200;
/** Cookies are looked up before anybody is known, so a flood of made-up ones gets no more connections than that. */
const SESSIONS_AT_ONCE = 2;
const MAX_SESSIONS_WAITING = 50;

export interface ConsoleDeps {
  sessions: ConsoleSessions;
  now(): number;
  call(caller: Caller, call: ApiCall): Promise<ApiAnswer>;
}

/** The console as one function from a request to a reply. */
export async function openConsole(
  deps: ConsoleDeps,
): Promise<(request: ConsoleRequest) => Promise<ConsoleReply>> {
  const assets = await readAssets();
  const hrefs = Object.fromEntries([...assets].map(([name, { href }]) => [name, href]));
  useAssets(hrefs as Parameters<typeof useAssets>[0]);

  const once = new Once();
  const turns = new FewAtOnce(CALLS_AT_ONCE, MAX_CALLS_WAITING);
  const lookups = new FewAtOnce(SESSIONS_AT_ONCE, MAX_SESSIONS_WAITING);
  const serve = async (request: ConsoleRequest, look: Look): Promise<ConsoleReply> => {
    const [first] = request.path;
    if (request.method === 'POST' && !isOwnOrigin(request)) return signInPage(look, 403);
    if (request.method === 'POST' && first === 'look') return changeLook(request);
    if (request.method === 'POST' && first === 'sign-in') return signIn(deps.sessions, request, look);
    const token = request.cookies[SESSION_COOKIE];
    const isOver = () => request.isOver();
    const operator = token ? await lookups.run(() => deps.sessions.holderOf(token), isOver) : null;
    // Where it goes on after signing in is not kept: an address from outside must not decide that.
    if (!token || !operator) return request.path.length === 0 ? signInPage(look) : redirect('/console');
    const visit: Visit = {
      ...{
        request,
        operator,
        once,
        words: look.words,
        show: look.show,
        now: deps.now(),
        csrf: csrfOf(token),
      },
      api: new Api((call) => turns.run(() => deps.call(operator, call), isOver)),
    };
    if (request.method === 'POST' && !isSame(request.form.csrf ?? '', visit.csrf)) return staleForm(visit);
    if (request.method === 'POST' && first === 'sign-out') return signOut(deps.sessions, token, request);
    return draw(visit);
  };
  return async (request) => {
    if (request.path[0] === 'assets')
      return sendAsset(assets, request) ?? { status: 404, headers: {}, body: '' };
    const look = lookOf(request, deps.now);
    const reply = await serve(request, look).catch((error) => awayPage(look, error));
    return request.header('hx-request') === undefined ? reply : forScript(reply);
  };
}

/** A script swaps the part it asked for: a page that lies elsewhere, or a failure, must not be swapped in its place. */
function forScript(reply: ConsoleReply): ConsoleReply {
  const { location, ...headers } = reply.headers;
  if (location !== undefined)
    return { status: 204, headers: { ...headers, 'hx-redirect': location }, body: '' };
  return reply.status < 400 ? reply : { ...reply, headers: { ...headers, 'hx-reswap': 'none' } };
}

async function draw(visit: Visit): Promise<ConsoleReply> {
  const found = findPage(visit.request);
  if (!found) return notFoundPage(visit);
  try {
    return await found.handler(visit, found.names);
  } catch (error) {
    return answerFailure(visit, error);
  }
}

/** In which language and time zone: as chosen, else as the browser asks. */
function lookOf(request: ConsoleRequest, now: () => number): Look {
  const { farebox_lang: lang, farebox_zone: chosen = '' } = request.cookies;
  const locale = lang === 'en' || lang === 'ru' ? lang : preferredLocale(request.header('accept-language'));
  const zone = ZONES.find((name) => encodeURIComponent(name) === chosen) ?? 'UTC';
  return { locale, zone, words: WORDS[locale], show: new Formats(locale, zone, now) };
}

/** Of the session's token, which no script and no other site can read: so no other site can make a form of ours. */
const csrfOf = (token: string): string => createHash('sha256').update(`csrf ${token}`).digest('base64url');

function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
}

/** Browsers say where a form comes from; what says nothing is no browser, and has no cookie of somebody else's. */
function isOwnOrigin(request: ConsoleRequest): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.header('origin');
  return origin === undefined || origin.replace(/^https?:\/\//, '') === request.header('host');
}
