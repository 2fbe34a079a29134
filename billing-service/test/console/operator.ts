/** An operator at the console without a browser: keeps cookies, reads forms. */
import type { FastifyInstance } from 'fastify';

export interface PageSeen {
  status: number;
  text: string;
  headers: Record<string, unknown>;
}

export class Operator {
  readonly #app: FastifyInstance;
  readonly cookies = new Map<string, string>();

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<PageSeen> {
    return this.#send('GET', url, undefined, headers);
  }

  post(url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<PageSeen> {
    return this.#send('POST', url, form, headers);
  }

  signIn(key: string): Promise<PageSeen> {
    return this.post('/console/sign-in', { key });
  }

  /** Fills in the form of `page` that goes to `action` (or back to where it came from) and sends it. */
  submit(page: PageSeen, action: string, values: Record<string, string> = {}): Promise<PageSeen> {
    return this.post(action, { ...hiddenOf(page.text, action), ...values });
  }

  async #send(
    method: 'GET' | 'POST',
    url: string,
    form: Record<string, string> | undefined,
    headers: Record<string, string>,
  ): Promise<PageSeen> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#app.inject({
      ...{ method, url },
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(form ? { payload: new URLSearchParams(form).toString() } : {}),
    });
    for (const { name, value } of answer.cookies) this.cookies.set(name, value);
    return { status: answer.statusCode, text: answer.body, headers: answer.headers };
  }
}

/** The hidden fields of the form with that action; of the only one without an action, else. */
function hiddenOf(html: string, action: string): Record<string, string> {
  const forms = [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => form);
  const form =
    forms.find((text) => text.includes(`action="${action}"`)) ??
    forms.find((text) => !/^<form[^>]* action=/.test(text)) ??
    '';
  const inputs = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name, value]) => [name as string, plainText(value as string)]));
}

const plainText = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
