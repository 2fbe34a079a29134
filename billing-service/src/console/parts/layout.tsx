import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Hrefs } from '../assets.js';
import type { ConsoleReply } from '../exchange.js';
import { ZONES } from '../formats.js';
import { may, type Visit } from '../visit.js';
import { type Words, wordFor } from '../words/words.js';

/** Nothing from elsewhere, nothing written into the page: what an attacker gets into a text stays text. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ');

export const SAFE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
};

const HTMX = JSON.stringify({ includeIndicatorCSS: false });

let hrefs: Hrefs;
/** Before the first page is drawn. */
export function useAssets(found: Hrefs): void {
  hrefs = found;
}

export function html(page: VNode, status = 200): ConsoleReply {
  return {
    status,
    headers: { ...SAFE_HEADERS, 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html>${renderToString(page)}`,
  };
}

interface Frame {
  title: string;
  lang: string;
  children: ComponentChildren;
}

export const Document = ({ title, lang, children }: Frame) => (
  <html lang={lang}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="htmx-config" content={HTMX} />
      <title>{`${title} · Farebox`}</title>
      <link rel="icon" type="image/svg+xml" href={hrefs['icon.svg']} />
      <link rel="stylesheet" href={hrefs['console.css']} />
      <script src={hrefs['htmx.js']} defer />
      <script src={hrefs['console.js']} defer />
    </head>
    <body>{children}</body>
  </html>
);

const SECTIONS = [
  ...(['today', 'users', 'payments', 'usage', 'refusals', 'catalogue', 'webhooks', 'keys'] as const),
  ...(['audit-log', 'about'] as const),
] as const;
export type Section = (typeof SECTIONS)[number];

/** Keys are for `admin` alone. */
const sectionsFor = (visit: Visit) => SECTIONS.filter((section) => section !== 'keys' || may(visit, 'admin'));

export function Layout({
  visit,
  title,
  section,
  children,
}: Omit<Frame, 'lang'> & { visit: Visit; section: Section }) {
  const { words, show, request } = visit;
  const { done = '' } = request.query;
  const said = Object.hasOwn(words.done, done) && wordFor(words.done, done);
  return (
    <Document title={title} lang={show.locale}>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <header class="top">
        <a class="brand" href="/console">
          <img src={hrefs['icon.svg']} alt="" width="28" height="28" />
          Farebox
        </a>
        <nav aria-label={words.sections}>
          {sectionsFor(visit).map((name) => (
            <a
              href={name === 'today' ? '/console' : `/console/${name}`}
              aria-current={name === section ? 'page' : undefined}
            >
              {name === 'audit-log' ? words.auditLog : words[name]}
            </a>
          ))}
        </nav>
        <form method="post" action="/console/sign-out" class="out">
          <input type="hidden" name="csrf" value={visit.csrf} />
          <span class="who">{visit.operator.name}</span>
          <button type="submit" class="plain">
            {words.signOut}
          </button>
        </form>
      </header>
      <main id="main">
        <h1>{title}</h1>
        {said && (
          <p class="said" role="status">
            {said}
          </p>
        )}
        {children}
      </main>
      <Look words={words} locale={show.locale} zone={show.zone} back={request.path} />
    </Document>
  );
}

/** Which language and time zone the pages are in. */
export function Look({
  words,
  locale,
  zone,
  back,
}: {
  words: Words;
  locale: string;
  zone: string;
  back: string[];
}) {
  return (
    <footer>
      <form method="post" action="/console/look">
        <input type="hidden" name="back" value={back.map(encodeURIComponent).join('/')} />
        <span>{words.timesIn(zone)}</span>
        <label>
          <span class="unseen">{words.zone}</span>
          <select name="zone">
            {ZONES.map((name) => (
              <option value={name} selected={name === zone}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="unseen">{words.language}</span>
          <select name="lang">
            <option value="en" selected={locale === 'en'} lang="en">
              English
            </option>
            <option value="ru" selected={locale === 'ru'} lang="ru">
              Русский
            </option>
          </select>
        </label>
        <button type="submit" class="plain">
          {words.change}
        </button>
      </form>
    </footer>
  );
}
