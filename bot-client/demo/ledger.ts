/** The service as an admin sees and moves it, over HTTP: what the page shows next to the chat. */
export class Ledger {
  readonly #url: string;
  readonly #adminKey: string;

  constructor(url: string, adminKey: string) {
    this.#url = url;
    this.#adminKey = adminKey;
  }

  /** A key with no more rights than the bot needs. */
  async newKey(scopes: string[]): Promise<string> {
    const { key } = (await this.#ask('POST', '/api-keys', { name: 'the bot', scopes })) as { key: string };
    return key;
  }

  /** Balance, newest entries and open holds; undefined before the service knows the user. */
  async picture(user: string): Promise<object | undefined> {
    const path = `/users/${encodeURIComponent(user)}`;
    const [balance, entries, holds] = await Promise.all([
      this.#ask('GET', `${path}/balance`),
      this.#ask('GET', `${path}/entries?limit=14`),
      this.#ask('GET', `${path}/reservations?status=open`),
    ]);
    if (balance === undefined) return undefined;
    return { balance, entries: items(entries), holds: items(holds) };
  }

  async advance(seconds: number): Promise<void> {
    await this.#ask('POST', '/test-clock', { advanceSeconds: seconds });
  }

  async put(path: string, body: object): Promise<void> {
    await this.#ask('PUT', path, body);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

function items(list: unknown): unknown[] {
  return (list as { items?: unknown[] } | undefined)?.items ?? [];
}
