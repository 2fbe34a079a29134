import type { ConsoleReply } from '../exchange.js';
import { Document, html, Look } from '../parts/layout.js';
import type { Words } from '../words/words.js';

interface Props {
  words: Words;
  locale: string;
  zone: string;
  fault?: string;
}

export const signInPage = (props: Props, status = 200): ConsoleReply => html(<SignIn {...props} />, status);

const SignIn = ({ words, locale, zone, fault }: Props) => (
  <Document title={words.signIn} lang={locale}>
    <main class="door" id="main">
      <section class="card">
        <h1>Farebox</h1>
        <form method="post" action="/console/sign-in" class="act">
          {/* For password managers, which keep a password only beside a name. */}
          <input type="hidden" name="username" value="farebox" autocomplete="username" />
          <div class="field">
            <label for="key">{words.apiKey}</label>
            <input
              id="key"
              name="key"
              type="password"
              required
              autocomplete="current-password"
              aria-describedby="key-hint"
              aria-invalid={fault ? 'true' : undefined}
            />
            <small id="key-hint">{words.apiKeyHint}</small>
          </div>
          {fault && (
            <p class="fault" role="alert">
              {fault}
            </p>
          )}
          <button type="submit">{words.signIn}</button>
        </form>
      </section>
    </main>
    <Look words={words} locale={locale} zone={zone} back={[]} />
  </Document>
);
