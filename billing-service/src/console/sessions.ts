import type { ConsoleSessions } from '../domain/keys/console-sessions.js';
import { type ConsoleReply, type ConsoleRequest, redirect } from './exchange.js';
import { ZONES } from './formats.js';
import { signInPage } from './pages/sign-in.js';
import type { Words } from './words/words.js';

export const SESSION_COOKIE = 'farebox_session';
const YEAR_S = 31_536_000;
const OF_A_PAGE = /^[\w%.~!*'()/:-]*$/;

const cookie = ({ isSecure }: ConsoleRequest, name: string, value: string, maxAgeS: number): string =>
  `${name}=${value}; Path=/console; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

export async function signIn(
  sessions: ConsoleSessions,
  request: ConsoleRequest,
  look: { words: Words; locale: string; zone: string },
): Promise<ConsoleReply> {
  const found = await sessions.start((request.form.key ?? '').trim(), request.isSuspect);
  if (found.kind === 'open') {
    const lifeS = Math.floor(found.lifeMs / 1000);
    return redirect('/console', [cookie(request, SESSION_COOKIE, found.token, lifeS)]);
  }
  const { words } = look;
  if (found.kind === 'insufficient_scope') return signInPage({ ...look, fault: words.keyMayNot }, 403);
  const waitS = await request.signInFailed();
  if (waitS === undefined) return signInPage({ ...look, fault: words.keyUnknown }, 401);
  const refused = signInPage({ ...look, fault: words.tooManyTries(waitS) }, 429);
  return { ...refused, headers: { ...refused.headers, 'retry-after': String(waitS) } };
}

export async function signOut(
  sessions: ConsoleSessions,
  token: string,
  request: ConsoleRequest,
): Promise<ConsoleReply> {
  await sessions.end(token);
  return redirect('/console', [cookie(request, SESSION_COOKIE, '', 0)]);
}

/** Language and time zone, kept by the browser. Back to a page of the console, whatever the form says. */
export function changeLook(request: ConsoleRequest): ConsoleReply {
  const { lang, zone, back = '' } = request.form;
  const cookies = [
    ...(lang === 'en' || lang === 'ru' ? [cookie(request, 'farebox_lang', lang, YEAR_S)] : []),
    ...(zone !== undefined && ZONES.includes(zone)
      ? [cookie(request, 'farebox_zone', encodeURIComponent(zone), YEAR_S)]
      : []),
  ];
  return redirect(back !== '' && OF_A_PAGE.test(back) ? `/console/${back}` : '/console', cookies);
}
